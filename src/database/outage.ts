import { Problem } from '../common/problem.js';

/**
 * SQLSTATEs that speak of the server and not of the statement: connection (08), resources (53),
 * intervention such as a shutdown or a cancelled statement (57), lock not available (55P03), an
 * idle transaction that was ended (25P03), a standby that takes no writes yet (25006), and conflicts
 * with other transactions that did not end when it was tried again (40001, 40P01).
 * https://www.postgresql.org/docs/18/errcodes-appendix.html
 */
const OUTAGE_STATES = /^(08...|53...|57...|55P03|25P03|25006|40001|40P01)$/;
const NETWORK_CODES = /^(ECONN|EPIPE|ETIMEDOUT|ENOTFOUND|EAI_AGAIN|EHOST|ENETUNREACH)/;
/** What `pg` says without a code. */
const DRIVER_MESSAGES =
  /timeout exceeded when trying to connect|connection terminated|connection error and is not queryable|client was closed|cannot use a pool after/i;

interface Failure {
  readonly code: string;
  readonly message: string;
}

/** An error and its causes, by shape: Node's own may be of another realm than our `Error`. */
function failuresOf(error: unknown): Failure[] {
  if (typeof error !== 'object' || error === null) return [];
  const { code, message, cause } = error as Readonly<Record<string, unknown>>;
  const text = (value: unknown) => (typeof value === 'string' ? value : '');
  return [{ code: text(code), message: text(message) }, ...failuresOf(cause)];
}

/** The codes of an error and its causes: SQLSTATEs, when they come from PostgreSQL. */
export function sqlStatesOf(error: unknown): string[] {
  return failuresOf(error).map(({ code }) => code);
}

/** Whether an error means that the database, and not what was asked of it, is at fault. */
export function isOutage(error: unknown): boolean {
  return failuresOf(error).some(
    ({ code, message }) =>
      OUTAGE_STATES.test(code) || NETWORK_CODES.test(code) || DRIVER_MESSAGES.test(message),
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
