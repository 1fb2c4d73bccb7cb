import { distributeDatabase } from '../../src/database/distribute.js';
import { migrate } from '../../src/database/migrate.js';
import type { Client } from 'pg';
import { configOf, withClient } from '../../src/database/with-client.js';

/** A database of the coordinator of a Citus cluster, which knows the workers: its role is a superuser. */
const { CITUS_URL = '' } = process.env;

export const CONNECT_TIMEOUT_MS = 10_000;
/** Few, as each is a table of every database. */
export const SHARDS = 4;

const connected = <T>(url: string, work: (client: Client) => Promise<T>) =>
  withClient(configOf(url, { connectTimeoutMs: CONNECT_TIMEOUT_MS }), work);

const send = (url: string, ...statements: string[]) =>
  connected(url, async (client) => {
    for (const statement of statements) await client.query(statement);
  });

/** Returns the URL of a database on the coordinator, or on another server. */
function urlOf(database: string, server: Partial<URL> = {}): string {
  return Object.assign(new URL(CITUS_URL), server, { pathname: `/${database}` }).href;
}

/** Returns the URL of a database on each worker. */
async function workerUrls(database: string): Promise<string[]> {
  const { rows } = await connected(CITUS_URL, (client) =>
    client.query<{ hostname: string; port: string }>(
      `select nodename as hostname, nodeport::text as port from pg_dist_node
        where noderole = 'primary' and groupid <> 0 order by groupid`,
    ),
  );
  return rows.map((server) => urlOf(database, server));
}

/**
 * Creates a database on each server of the cluster.
 *
 * @param reach returns the URL by which the coordinator reaches a worker.
 */
export async function createClusterDatabase(
  name: string,
  reach: (workerUrl: string) => Promise<string> = (workerUrl) => Promise.resolve(workerUrl),
): Promise<string> {
  const url = urlOf(name);
  const workers = await workerUrls(name);
  const given = new URL(CITUS_URL).pathname;
  for (const server of [url, ...workers]) {
    const { href } = Object.assign(new URL(server), { pathname: given });
    await send(href, `create database ${name} template template0`);
    await send(server, 'create extension citus');
  }
  const { hostname, port } = new URL(url);
  await send(url, `select citus_set_coordinator_host('${hostname}', ${port || '5432'})`);
  for (const worker of workers) {
    const reached = new URL(await reach(worker));
    await send(url, `select citus_add_node('${reached.hostname}', ${reached.port || '5432'})`);
  }
  return url;
}

/** Creates a database whose rows are distributed over the workers. */
export async function createDistributedDatabase(name: string): Promise<string> {
  const url = await createClusterDatabase(name);
  await migrate(url);
  await distributeDatabase(url, { shards: SHARDS, connectTimeoutMs: CONNECT_TIMEOUT_MS });
  return url;
}

/** Drops what the tests created on every server of the cluster. */
export async function dropClusterDatabases(prefix: string): Promise<void> {
  const given = new URL(CITUS_URL).pathname.slice(1);
  for (const server of [CITUS_URL, ...(await workerUrls(given))]) {
    await connected(server, async (client) => {
      const { rows } = await client.query<{ name: string }>(
        'select datname as name from pg_database where starts_with(datname, $1)',
        [prefix],
      );
      for (const { name } of rows) await client.query(`drop database ${name} with (force)`);
    });
  }
}
