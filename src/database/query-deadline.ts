import { isPromise } from 'node:util/types';
import type { Pool, PoolClient } from 'pg';
import { STATEMENT_TIMEOUT } from './connection.js';

/** Milliseconds; PostgreSQL itself is the first to give up, as long as it can be heard. */
const DEADLINE = STATEMENT_TIMEOUT + 500;

type Query = (...parameters: unknown[]) => unknown;

function limit(client: PoolClient): void {
  const query = client.query.bind(client) as Query;
  const limited: Query = (...parameters) => {
    const result = query(...parameters);
    if (!isPromise(result)) return result;
    // Ended while it waits, a client cuts its connection, and the query fails for that.
    const timer = setTimeout(() => void end(client), DEADLINE);
    return result.finally(() => clearTimeout(timer));
  };
  Object.assign(client, { query: limited });
}

async function end(client: PoolClient): Promise<void> {
  await (client as unknown as { end(): Promise<void> }).end();
}

/**
 * Gives up on connections that do not answer, as when a network swallows what is sent: nothing else
 * would end such a query. The `query_timeout` of `pg` fails the query, but puts the connection,
 * which still waits, back into the pool.
 */
export function limitQueries(pool: Pool): void {
  pool.on('connect', limit);
}
