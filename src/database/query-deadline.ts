import { AsyncLocalStorage } from 'node:async_hooks';
import { isPromise } from 'node:util/types';
import type { Pool, PoolClient } from 'pg';
import { withTimeout } from '../common/index.js';
import { DEFAULT_LIMITS } from './connection.js';
import { endAfter } from './lost-connections.js';

/** Lets PostgreSQL's own timeout fire first; this one is for a connection that does not respond. */
const GRACE_MS = 500;

/** Deadline of all statements of one `work`; set when the first is sent. */
const sharedDeadline = new AsyncLocalStorage<{ endsAt?: number }>();

/**
 * Makes all statements that `work` sends share the timeout of one. Otherwise a slow database could hold
 * the request of a transaction for the timeout of each of its statements.
 */
export function shareDeadline<T>(work: () => Promise<T>): Promise<T> {
  return sharedDeadline.run({}, work);
}

/** Time spent waiting for a connection. */
const waitedMs = new WeakMap<PoolClient, number>();

/** Counts the wait for a connection toward the deadline of its queries, until it is released. */
export function setWaited(client: PoolClient, milliseconds: number): void {
  waitedMs.set(client, milliseconds);
}

/** Returns the time in milliseconds that the next statement may take: `deadline`, or the rest of a shared one. */
function remainingMs(timeoutMs: number): number {
  const shared = sharedDeadline.getStore();
  if (shared === undefined) return timeoutMs;
  shared.endsAt ??= performance.now() + timeoutMs;
  return Math.max(0, shared.endsAt - performance.now());
}

/**
 * Destroys the connection of a client whose work misses its deadline; the work fails with it. One whose work
 * was cancelled does not return to the pool.
 */
export function endUnlessDone<T>(
  client: PoolClient,
  work: Promise<T>,
  { statementTimeoutMs } = DEFAULT_LIMITS,
): Promise<T> {
  work.catch((error: unknown) => {
    endAfter(client, error);
  });
  const timeoutMs = Math.max(0, statementTimeoutMs + GRACE_MS - (waitedMs.get(client) ?? 0));
  return withTimeout(work, remainingMs(timeoutMs), () => void end(client));
}

async function end(client: PoolClient): Promise<void> {
  await (client as unknown as { end(): Promise<void> }).end();
}

type Query = (...parameters: unknown[]) => unknown;

/**
 * Destroys connections that do not respond, as when a network drops packets: nothing else would end such
 * a query. The `query_timeout` of `pg` fails the query, but returns the connection, which is still
 * waiting, to the pool.
 */
export function limitQueries(pool: Pool, limits = DEFAULT_LIMITS): void {
  pool.on('release', (_, client) => waitedMs.delete(client));
  pool.on('connect', (client) => {
    const query = client.query.bind(client) as Query;
    const limited: Query = (...parameters) => {
      const result = query(...parameters);
      return isPromise(result) ? endUnlessDone(client, result, limits) : result;
    };
    Object.assign(client, { query: limited });
  });
}
