import { AsyncLocalStorage } from 'node:async_hooks';
import { isPromise } from 'node:util/types';
import type { Pool, PoolClient } from 'pg';
import { withTimeout } from '../common/index.js';
import { DEFAULT_LIMITS } from './connection.js';

/** PostgreSQL's own timeout comes first; this one is for a connection that does not respond. */
const GRACE_MS = 500;

/** End of the time for all statements of one piece of work; set when the first is sent. */
const sharedDeadline = new AsyncLocalStorage<{ endsAt?: number }>();

/**
 * Gives all statements that `work` sends the time of one. A transaction has several, and a database that
 * takes a little less than the limit for each would otherwise hold its request for their sum.
 */
export function shareDeadline<T>(work: () => Promise<T>): Promise<T> {
  return sharedDeadline.run({}, work);
}

/** Time that was spent on waiting for a connection (ms). */
const waited = new WeakMap<PoolClient, number>();

/** Counts the wait for a connection toward the deadline of what is sent over it, until it is released. */
export function setWaited(client: PoolClient, milliseconds: number): void {
  waited.set(client, milliseconds);
}

/** Returns the time that the next statement may take (ms): `deadline`, or the rest of a shared one. */
function timeLeft(deadline: number): number {
  const shared = sharedDeadline.getStore();
  if (shared === undefined) return deadline;
  shared.endsAt ??= performance.now() + deadline;
  return Math.max(0, shared.endsAt - performance.now());
}

/** Ends the connection of a client whose work is not done in time; the work fails with it. */
export function endUnlessDone<T>(
  client: PoolClient,
  work: Promise<T>,
  { statementTimeout } = DEFAULT_LIMITS,
): Promise<T> {
  const deadline = Math.max(0, statementTimeout + GRACE_MS - (waited.get(client) ?? 0));
  return withTimeout(work, timeLeft(deadline), () => void end(client));
}

async function end(client: PoolClient): Promise<void> {
  await (client as unknown as { end(): Promise<void> }).end();
}

type Query = (...parameters: unknown[]) => unknown;

/**
 * Ends connections that do not respond, as when a network drops packets: nothing else would end such a
 * query. The `query_timeout` of `pg` fails the query, but puts the connection, which is still waiting,
 * back into the pool.
 */
export function limitQueries(pool: Pool, limits = DEFAULT_LIMITS): void {
  pool.on('release', (_, client) => waited.delete(client));
  pool.on('connect', (client) => {
    const query = client.query.bind(client) as Query;
    const limited: Query = (...parameters) => {
      const result = query(...parameters);
      return isPromise(result) ? endUnlessDone(client, result, limits) : result;
    };
    Object.assign(client, { query: limited });
  });
}
