import { Client, type ClientConfig } from 'pg';
import type { DatabaseLimits } from '../config/index.js';

/** Returns the configuration of a client that gives up connecting after the limit. */
export const configOf = (
  url: string,
  { connectTimeoutMs }: Pick<DatabaseLimits, 'connectTimeoutMs'>,
) => ({ connectionString: url, connectionTimeoutMillis: connectTimeoutMs });

/** Connects, and ends the connection after `work`. */
export async function withClient<T>(
  config: ClientConfig,
  work: (client: Client) => Promise<T>,
): Promise<T> {
  const client = new Client(config);
  client.on('error', () => undefined);
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

/** Runs `work` as one transaction. */
export async function inTransaction<T>(client: Client, work: () => Promise<T>): Promise<T> {
  await client.query('begin');
  try {
    const result = await work();
    await client.query('commit');
    return result;
  } catch (error) {
    await client.query('rollback');
    throw error;
  }
}

export async function sendAll(client: Client, statements: readonly string[]): Promise<void> {
  for (const statement of statements) await client.query(statement);
}
