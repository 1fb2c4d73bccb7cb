import { AsyncLocalStorage } from 'node:async_hooks';
import { isPromise } from 'node:util/types';
import type { Pool, PoolClient } from 'pg';
import { isOutage, orUnavailable } from '../database/index.js';

/** What went wrong with the database while a request was answered. */
const outages = new AsyncLocalStorage<unknown[]>();

type Call = (...parameters: unknown[]) => unknown;

/** The same call; an outage that its promise ends with is noted for the request at hand. */
function noting(call: Call): Call {
  return (...parameters) => {
    const result = call(...parameters);
    if (!isPromise(result)) return result;
    return result.catch((error: unknown) => {
      if (isOutage(error)) outages.getStore()?.push(error);
      throw error;
    });
  };
}

/** Makes a pool tell `withoutOutage` when its database is out of reach. */
export function watchPool(pool: Pool): Pool {
  pool.on('connect', (client: PoolClient) => {
    Object.assign(client, { query: noting(client.query.bind(client) as Call) });
  });
  return Object.assign(pool, { connect: noting(pool.connect.bind(pool) as Call) });
}

/**
 * Runs `work`, whose answer counts only if the database was in reach throughout: without it Better
 * Auth answers as if nobody were signed in, or as if a sign-out had succeeded.
 *
 * @throws Problem `database_unavailable`
 */
export function withoutOutage<T>(work: () => Promise<T>): Promise<T> {
  const seen: unknown[] = [];
  return orUnavailable(async () => {
    const answer = await outages.run(seen, work);
    if (seen.length > 0) throw seen[0];
    return answer;
  });
}
