import { AsyncLocalStorage } from 'node:async_hooks';
import { escapeLiteral, type Pool, type PoolClient, type QueryResult } from 'pg';
import { orUnavailable } from './outage.js';
import { shareDeadline } from './query-deadline.js';
import { retryConflicts } from './retry.js';

/**
 * Passes the owner of each statement to PostgreSQL without an extra round trip.
 *
 * MikroORM sends statements as strings with inlined parameters, over the simple query protocol,
 * where several statements in one message form one implicit transaction. So the message `set local
 * app.user_id = …; select …` sets the user for exactly that message, or for the rest of the
 * transaction when the statement is a `begin`. Nothing remains on the connection: a statement
 * without an owner, on whichever connection, sees no rows at all.
 *
 * https://www.postgresql.org/docs/18/protocol-flow.html#PROTOCOL-FLOW-MULTI-STATEMENT
 */
const currentWork = new AsyncLocalStorage<Work>();

interface Work {
  readonly ownerId: string;
  /** The connection of the transaction that is open, and its parts share. */
  readonly transaction: { client?: PoolClient | undefined };
}

const BEGINS_TRANSACTION = /^\s*(begin|start)\b/i;
/** A failed transaction accepts nothing but its end, which therefore is sent alone. */
const ENDS_TRANSACTION = /^\s*(commit|rollback|release)\b/i;
const ENDS_ALL_OF_IT = /^\s*(commit|rollback)\s*;?\s*$/i;

/**
 * Runs `work` so that each statement it sends acts for `ownerId` alone. Within another call it is part of
 * that call's work. By itself it is a whole transaction: it is retried on conflicts, and all of its
 * statements together have the time of one.
 *
 * @throws Problem `database_unavailable` when the database is out of reach.
 */
export function asOwner<T>(ownerId: string, work: () => Promise<T>): Promise<T> {
  const outer = currentWork.getStore();
  if (outer) return currentWork.run({ ...outer, ownerId }, work);
  return currentWork.run({ ownerId, transaction: {} }, () =>
    shareDeadline(() => orUnavailable(() => retryConflicts(work))),
  );
}

/** Returns the owner that the caller acts for, if there is one. */
export function currentOwner(): string | undefined {
  return currentWork.getStore()?.ownerId;
}

/** Returns the connection of the open transaction, if the caller is part of one. */
export function currentTransaction(): PoolClient | undefined {
  return currentWork.getStore()?.transaction.client;
}

type Query = (statement: unknown, values?: unknown[]) => Promise<QueryResult | QueryResult[]>;

function scope(client: PoolClient): void {
  const query: unknown = client.query.bind(client);
  const send = query as Query;
  const scoped = async (text: string, values: unknown[] = []) => {
    const work = currentWork.getStore();
    if (work === undefined) return send(text, values);
    if (ENDS_ALL_OF_IT.test(text)) work.transaction.client = undefined;
    if (ENDS_TRANSACTION.test(text)) return send(text, values);
    if (values.length > 0) throw new Error('A scoped statement must carry its parameters inline.');
    const results = await send(`set local app.user_id = ${escapeLiteral(work.ownerId)}; ${text}`);
    if (BEGINS_TRANSACTION.test(text)) work.transaction.client = client;
    return Array.isArray(results) ? results.at(-1) : results;
  };
  // A statement that is not a string carries its owner itself.
  const queryOf = (statement: unknown, values?: unknown[]) =>
    typeof statement === 'string' ? scoped(statement, values) : send(statement);
  Object.assign(client, { query: queryOf });
}

/** Makes every connection of a pool send the owner of `asOwner`. */
export function scopePool(pool: Pool): void {
  pool.on('connect', scope);
}
