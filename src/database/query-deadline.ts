import { AsyncLocalStorage } from 'node:async_hooks';
import { isPromise } from 'node:util/types';
import type { Pool, PoolClient } from 'pg';
import { withTimeout } from '../common/index.js';
import { DEFAULT_LIMITS } from './connection.js';

/** Milliseconds; PostgreSQL itself is the first to give up, as long as it can be heard. */
const PATIENCE = 500;

/** When the statements of one piece of work have to be done; not set before the first is sent. */
const sharedDeadline = new AsyncLocalStorage<{ endsAt?: number }>();

/**
 * Gives all statements that `work` sends the time of one: a transaction has several, and a database
 * that takes a little less than too long for each would hold its request for their sum.
 */
export function shareDeadline<T>(work: () => Promise<T>): Promise<T> {
  return sharedDeadline.run({}, work);
}

/** Milliseconds that were spent on waiting for a connection, before it was there. */
const waited = new WeakMap<PoolClient, number>();

/** Counts the wait for a connection toward the deadline of what is sent over it, until it is released. */
export function setWaited(client: PoolClient, milliseconds: number): void {
  waited.set(client, milliseconds);
}

/** Milliseconds that the next statement may take; by itself, `deadline`. */
function timeLeft(deadline: number): number {
  const shared = sharedDeadline.getStore();
  if (shared === undefined) return deadline;
  shared.endsAt ??= performance.now() + deadline;
  return Math.max(0, shared.endsAt - performance.now());
}

/** Ends a client that has not done its work in time: it cuts its connection, and the work fails for that. */
export function endUnlessDone<T>(
  client: PoolClient,
  work: Promise<T>,
  { statementTimeout } = DEFAULT_LIMITS,
): Promise<T> {
  const deadline = Math.max(0, statementTimeout + PATIENCE - (waited.get(client) ?? 0));
  return withTimeout(work, timeLeft(deadline), () => void end(client));
}

async function end(client: PoolClient): Promise<void> {
  await (client as unknown as { end(): Promise<void> }).end();
}

type Query = (...parameters: unknown[]) => unknown;

/**
 * Gives up on connections that do not answer, as when a network swallows what is sent: nothing else
 * would end such a query. The `query_timeout` of `pg` fails the query, but puts the connection,
 * which still waits, back into the pool.
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
