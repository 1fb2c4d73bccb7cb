import { AsyncLocalStorage } from 'node:async_hooks';
import { isPromise } from 'node:util/types';
import type { Pool, PoolClient } from 'pg';
import { isOutage, orUnavailable } from '../database/index.js';

/** Database outages during the current request. */
const outages = new AsyncLocalStorage<unknown[]>();

type Call = (...parameters: unknown[]) => unknown;

/** Wraps a call: an outage that its promise rejects with is recorded for the current request. */
function recordOutages(call: Call): Call {
  return (...parameters) => {
    const result = call(...parameters);
    if (!isPromise(result)) return result;
    return result.catch((error: unknown) => {
      if (isOutage(error)) outages.getStore()?.push(error);
      throw error;
    });
  };
}

/** Makes a pool report outages to `withoutOutage`. */
export function watchPool(pool: Pool): Pool {
  pool.on('connect', (client: PoolClient) => {
    Object.assign(client, { query: recordOutages(client.query.bind(client) as Call) });
  });
  return Object.assign(pool, { connect: recordOutages(pool.connect.bind(pool) as Call) });
}

/**
 * Runs `work`, and rejects if the database was unreachable at any point: Better Auth would respond
 * as if no user were signed in, or as if a sign-out had succeeded.
 *
 * @throws Problem `database_unavailable`
 */
export function withoutOutage<T>(work: () => Promise<T>): Promise<T> {
  const observed: unknown[] = [];
  return orUnavailable(async () => {
    const result = await outages.run(observed, work);
    if (observed.length > 0) throw observed[0];
    return result;
  });
}
