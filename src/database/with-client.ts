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
