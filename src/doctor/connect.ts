import type { Client } from 'pg';
import type { DatabaseLimits } from '../config/index.js';
import { ROLES_COMMAND, withClient } from '../database/index.js';
import { error, type Finding, reasonOf } from './finding.js';

/** Connects for `work`, whose statements have the time limit of requests. */
export const withLimitedClient = <T>(
  url: string,
  { connectTimeoutMs, statementTimeoutMs }: DatabaseLimits,
  work: (client: Client) => Promise<T>,
): Promise<T> =>
  withClient(
    {
      connectionString: url,
      connectionTimeoutMillis: connectTimeoutMs,
      query_timeout: statementTimeoutMs,
    },
    work,
  );

/** Runs `work` in a transaction that cannot write, and nothing of which stays. */
export async function readOnly<T>(client: Client, work: () => Promise<T>): Promise<T> {
  await client.query('begin transaction read only');
  try {
    return await work();
  } finally {
    await client.query('rollback');
  }
}

interface Address {
  readonly user: string;
  readonly database: string;
  /** Host and port, or the directory of the socket. */
  readonly server: string;
  readonly readiness: string;
}

function readable(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

/** Returns the parts of a database's URL that may be printed. */
export function addressOf(url: string): Address {
  const { username, hostname, port, pathname, searchParams } = new URL(url);
  const socket = searchParams.get('host');
  const host = socket ?? hostname;
  const number = port || '5432';
  return {
    user: readable(username),
    database: readable(pathname.slice(1)),
    server: socket ?? `${hostname}:${number}`,
    readiness: `pg_isready --host=${host} --port=${number}`,
  };
}

/** Remedies for what a server says when it refuses a connection, by SQLSTATE or message. */
function remedyFor(variable: string, url: string, reason: unknown): string {
  const { user, database, readiness } = addressOf(url);
  const { code } = reason as { code?: unknown };
  const message = reasonOf(reason);
  const setPassword =
    variable === 'DATABASE_URL'
      ? `Correct ${variable}, or run as a superuser: alter role "${user}" login password '…'`
      : `Correct ${variable}, or run: ${ROLES_COMMAND}, which sets its password.`;
  if (code === '28P01' || code === '28000') return setPassword;
  if (code === '3D000')
    return `Correct ${variable}, or run: create database "${database}" encoding 'UTF8' template template0`;
  if (code === '42501')
    return `Run as a superuser: grant connect on database "${database}" to "${user}"`;
  if (code === '53300') return 'Raise max_connections of PostgreSQL, or lower DATABASE_POOL_SIZE.';
  if (message.includes('SSL connections'))
    return `Switch on TLS at the server, or on a private network add ?sslmode=disable to ${variable}.`;
  if (/certificate|self[- ]signed/i.test(message))
    return `Set NODE_EXTRA_CA_CERTS to the file of the authority that signed the server's certificate.`;
  return `Start PostgreSQL there, or correct ${variable}. To see whether it responds, run: ${readiness}`;
}

/** Describes why a connection to the database was not possible, without the password. */
export function refusedConnection(
  subject: 'database' | 'roles',
  variable: string,
  url: string,
  reason: unknown,
): Finding {
  const { user, database, server } = addressOf(url);
  const text = `${variable}: the database ${database} at ${server} cannot be used as "${user}": ${reasonOf(reason)}.`;
  return error(subject, text, remedyFor(variable, url, reason));
}
