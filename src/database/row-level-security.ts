import { AsyncLocalStorage } from 'node:async_hooks';
import { escapeLiteral, type Pool, type PoolClient, type QueryResult } from 'pg';
import { orUnavailable } from './outage.js';
import { shareDeadline } from './query-deadline.js';
import { retryConflicts } from './retry.js';

/** Condition of the policies of users' rows. A database distributed by owner refuses a subselect in it. */
export const OWNED_BY_CURRENT_USER = `owner_id = nullif(current_setting('app.user_id', true), '')`;

/**
 * Passes the owner of each statement to PostgreSQL without an extra round trip.
 *
 * MikroORM sends statements as strings with inlined parameters, over the simple query protocol,
 * where several statements in one message form one implicit transaction. The message `set local
 * app.user_id = …; select …` therefore sets the user for exactly that message, or for the rest of
 * the transaction when the statement is a `begin`. Nothing remains on the connection: a statement
 * without an owner sees no rows, on any connection.
 *
 * https://www.postgresql.org/docs/18/protocol-flow.html#PROTOCOL-FLOW-MULTI-STATEMENT
 */
const currentWork = new AsyncLocalStorage<Work>();

interface Work {
  readonly ownerId: string;
  /** The connection of the open transaction, and the work to do when it is committed. */
  readonly transaction: { client?: PoolClient | undefined; onCommit?: () => void };
}

const BEGINS_TRANSACTION = /^\s*(begin|start)\b/i;
/** A failed transaction accepts only its end, which is therefore sent alone. */
const ENDS_TRANSACTION = /^\s*(commit|rollback|release)\b/i;
const ENDS_ALL_OF_IT = /^\s*(commit|rollback)\s*;?\s*$/i;

/**
 * Runs `work` so that each statement it sends acts for `ownerId` alone. A nested call is part of the outer
 * call's work. The outermost `work` is a whole transaction: it is retried on conflicts, and all of its
 * statements share the timeout of one.
 *
 * @throws Problem `database_unavailable` if the database is not available.
 */
export function asOwner<T>(ownerId: string, work: () => Promise<T>): Promise<T> {
  const outer = currentWork.getStore();
  if (outer) return currentWork.run({ ...outer, ownerId }, work);
  const transaction: Work['transaction'] = {};
  const whole = async () => {
    const result = await retryConflicts(work);
    transaction.onCommit?.();
    return result;
  };
  return currentWork.run({ ownerId, transaction }, () => shareDeadline(() => orUnavailable(whole)));
}

/** Sets the one callback for the time when the caller's transaction is committed. */
export function afterCommit(callback: () => void): void {
  const work = currentWork.getStore();
  if (work) work.transaction.onCommit = callback;
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

function scope(client: PoolClient, isDistributed: boolean): void {
  const query: unknown = client.query.bind(client);
  const send = query as Query;
  const scoped = async (text: string, values: unknown[] = []) => {
    const work = currentWork.getStore();
    if (work === undefined) return send(text, values);
    if (ENDS_ALL_OF_IT.test(text)) work.transaction.client = undefined;
    if (ENDS_TRANSACTION.test(text)) return send(text, values);
    if (values.length > 0) throw new Error('A scoped statement must carry its parameters inline.');
    // On a distributed database a `ScopedQuery` sets the owner anyway, and nothing else reads rows.
    const owner = isDistributed ? '' : `set local app.user_id = ${escapeLiteral(work.ownerId)}; `;
    const results = await send(owner + text);
    if (BEGINS_TRANSACTION.test(text)) work.transaction.client = client;
    return Array.isArray(results) ? results.at(-1) : results;
  };
  // A `ScopedQuery` carries its owner itself.
  const queryOf = (statement: unknown, values?: unknown[]) =>
    typeof statement === 'string' ? scoped(statement, values) : send(statement);
  Object.assign(client, { query: queryOf });
}

/** Makes every connection of a pool send the owner of `asOwner`. */
export function scopePool(pool: Pool, isDistributed: boolean): void {
  pool.on('connect', (client) => {
    scope(client, isDistributed);
  });
}
