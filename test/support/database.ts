import { randomBytes } from 'node:crypto';
import { afterAll } from '@jest/globals';
import { Client } from 'pg';
import { IDENTITY_ROLE, urlFor } from '../../src/database/connection.js';
import { createDistributedDatabase } from './cluster.js';

function setting(name: string): string {
  const value = process.env[name];
  if (value === undefined) throw new Error(`${name} is set by the global set-up of the e2e tests`);
  return value;
}

/** Returns the URL of another database on the same server. */
function urlOf(database: string): string {
  const url = new URL(setting('TEST_SERVER_URL'));
  url.pathname = `/${database}`;
  return url.href;
}

/** Runs `work` with a connection of its own, as the role that owns the database. */
export async function withOwner<T>(url: string, work: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

type Query = (sql: string, values?: unknown[]) => Promise<Record<string, unknown>[]>;

/**
 * Returns a query as the role that owns an app's database, on one connection for all tests of a file:
 * a new one takes PostgreSQL more time than most queries.
 */
export function useOwner(app: () => { databaseUrl: string }): Query {
  let connected: Promise<Client> | undefined;
  const connect = async () => {
    const client = new Client({ connectionString: app().databaseUrl });
    await client.connect();
    return client;
  };
  afterAll(async () => (await connected)?.end());
  return async (sql, values) => {
    const client = await (connected ??= connect());
    return (await client.query<Record<string, unknown>>(sql, values)).rows;
  };
}

/** Runs SQL as the role that owns the database, to which no policy applies. */
export const asDatabaseOwner = async ({ databaseUrl }: { databaseUrl: string }, sql: string) =>
  (await withOwner(databaseUrl, (client) => client.query<Record<string, unknown>>(sql))).rows;

/** Returns the URL of the same database for Better Auth. */
export const identityUrlOf = (url: string) => urlFor(url, IDENTITY_ROLE, 'auth');

/** Creates a database, without migrations if `empty`. It is dropped at the end of the run. */
export async function createDatabase({ empty = false } = {}): Promise<string> {
  const prefix = setting('TEST_DATABASE_PREFIX');
  const name = `${prefix}_${randomBytes(6).toString('hex')}`;
  if (process.env['TEST_DISTRIBUTED'] === 'cluster' && !empty)
    return createDistributedDatabase(name);
  const template = empty ? 'template0' : `${prefix}_template`;
  await withOwner(setting('TEST_SERVER_URL'), (client) =>
    client.query(
      `create database ${name} template ${template} strategy ${setting('TEST_DATABASE_STRATEGY')}`,
    ),
  );
  return urlOf(name);
}
