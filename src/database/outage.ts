import { Problem } from '../problems/index.js';

/**
 * SQLSTATEs caused by the server and not by the statement: connection (08), resources (53),
 * intervention such as a shutdown or a cancelled statement (57), lock not available (55P03), an
 * idle transaction that was ended (25P03), a standby that does not accept writes yet (25006),
 * conflicts with other transactions that outlasted the retries (40001, 40P01), a rejected login (28)
 * and an unknown database (3D000).
 * https://www.postgresql.org/docs/18/errcodes-appendix.html
 */
const OUTAGE_STATES = /^(08...|28...|3D000|53...|57...|55P03|25P03|25006|40001|40P01)$/;
const NETWORK_CODES =
  /^(ECONN|EPIPE|ETIMEDOUT|ENOTFOUND|EAI_|EHOST|ENET|EPROTO|ENOBUFS|EMFILE|ENFILE|ERR_STREAM_|ERR_SOCKET_|ERR_TLS_|ERR_SSL_|CERT_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_)/;
/** System calls whose failures, whatever their code, concern the server: its socket file may be missing. */
const NETWORK_CALLS = ['connect', 'getaddrinfo'];
/** Messages without a code from `pg` 8.23, its pool, its parser and Kysely. */
const DRIVER_MESSAGES = new RegExp(
  [
    'timeout exceeded when trying to connect',
    'timeout expired',
    'query read timeout',
    'connection terminated',
    'connection error and is not queryable',
    'client was closed',
    'cannot use a pool after',
    'driver has already been destroyed',
    'server does not support ssl',
    'error establishing an ssl connection',
    'received unexpected \\w+ message from backend',
    'received invalid response',
    '^sasl: ',
  ].join('|'),
  'i',
);

interface Failure {
  readonly code: string;
  readonly message: string;
  readonly call: string;
}

/** Returns an error and its causes, by shape: Node's errors may come from another realm than our `Error`. */
function failuresOf(error: unknown): Failure[] {
  if (typeof error !== 'object' || error === null) return [];
  const { code, message, syscall, cause } = error as Readonly<Record<string, unknown>>;
  const text = (value: unknown) => (typeof value === 'string' ? value : '');
  const failure = { code: text(code), message: text(message), call: text(syscall) };
  return [failure, ...failuresOf(cause)];
}

/** Returns the codes of an error and its causes: SQLSTATEs, if they come from PostgreSQL. */
export function sqlStatesOf(error: unknown): string[] {
  return failuresOf(error).map(({ code }) => code);
}

/** Whether the database caused an error, and not the statement. */
export function isOutage(error: unknown): boolean {
  return failuresOf(error).some(
    ({ code, message, call }) =>
      OUTAGE_STATES.test(code) ||
      NETWORK_CODES.test(code) ||
      NETWORK_CALLS.includes(call) ||
      DRIVER_MESSAGES.test(message),
  );
}

/**
 * Runs `work`. Errors other than an outage are rethrown.
 *
 * @throws Problem `database_unavailable`
 */
export async function orUnavailable<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!isOutage(error)) throw error;
    throw new Problem('database_unavailable', 'The database is unavailable at the moment.', {
      cause: error,
    });
  }
}
