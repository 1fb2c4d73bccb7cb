import { Problem } from '../common/problem.js';

/**
 * SQLSTATEs that speak of the server and not of the statement: connection (08), resources (53),
 * intervention such as a shutdown or a cancelled statement (57), lock not available (55P03), an
 * idle transaction that was ended (25P03), a standby that takes no writes yet (25006).
 * https://www.postgresql.org/docs/18/errcodes-appendix.html
 */
const OUTAGE_STATES = /^(08...|53...|57...|55P03|25P03|25006)$/;
const NETWORK_CODES = /^(ECONN|EPIPE|ETIMEDOUT|ENOTFOUND|EAI_AGAIN|EHOST|ENETUNREACH)/;
/** What `pg` says without a code. */
const DRIVER_MESSAGES =
  /timeout exceeded when trying to connect|connection terminated|connection error and is not queryable|client was closed|cannot use a pool after/i;

/** Whether an error means that the database, and not what was asked of it, is at fault. */
export function isOutage(error: unknown): boolean {
  // By shape, not by `instanceof`: the errors of Node itself may be of another realm than ours.
  if (typeof error !== 'object' || error === null) return false;
  const { code, message, cause } = error as Readonly<Record<string, unknown>>;
  const state = typeof code === 'string' ? code : '';
  return (
    OUTAGE_STATES.test(state) ||
    NETWORK_CODES.test(state) ||
    (typeof message === 'string' && DRIVER_MESSAGES.test(message)) ||
    isOutage(cause)
  );
}

/** Runs `work`; an outage becomes a 503 problem, anything else stays what it is. */
export async function orUnavailable<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!isOutage(error)) throw error;
    throw new Problem('database_unavailable', 'The database is out of reach at the moment.', {
      cause: error,
    });
  }
}
