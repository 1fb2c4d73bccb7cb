import { AsyncLocalStorage } from 'node:async_hooks';
import { escapeLiteral, type Pool, type PoolClient, type QueryResult } from 'pg';
import { orUnavailable } from './outage.js';
import { shareDeadline } from './query-deadline.js';
import { retryConflicts } from './retry.js';

/**
 * Tells PostgreSQL whose rows a statement may touch, without a round trip of its own.
 *
 * MikroORM sends a statement as text with its parameters inlined, over the simple query protocol,
 * where several statements in one message form one implicit transaction. So the message
 * `set local app.user_id = …; select …` sets the user for exactly that message, or for the rest of
 * the transaction when the statement is a `begin`. Nothing stays behind on the connection: a
 * statement without an owner, on whichever connection, sees no rows at all.
 *
 * https://www.postgresql.org/docs/18/protocol-flow.html#PROTOCOL-FLOW-MULTI-STATEMENT
 */
const currentOwner = new AsyncLocalStorage<string>();

/** A failed transaction accepts nothing but its end, which therefore must come alone. */
const ENDS_TRANSACTION = /^\s*(commit|rollback|release)\b/i;

/**
 * Runs `work` so that each statement it sends acts for `ownerId` alone. Within another call it is a
 * part of that one's work; by itself it is a whole transaction, which is done again when it is in
 * conflict with another, and has the time of one statement for all.
 *
 * @throws Problem `database_unavailable` when the database is out of reach.
 */
export function asOwner<T>(ownerId: string, work: () => Promise<T>): Promise<T> {
  const isPart = currentOwner.getStore() !== undefined;
  return currentOwner.run(ownerId, () =>
    isPart ? work() : shareDeadline(() => orUnavailable(() => retryConflicts(work))),
  );
}

type Query = (text: string, values?: unknown[]) => Promise<QueryResult | QueryResult[]>;

function scope(client: PoolClient): void {
  const query: unknown = client.query.bind(client);
  const send = query as Query;
  const scoped = async (text: string, values: unknown[] = []) => {
    const ownerId = currentOwner.getStore();
    if (ownerId === undefined || ENDS_TRANSACTION.test(text)) return send(text, values);
    if (values.length > 0) throw new Error('A scoped statement must carry its parameters inline.');
    const results = await send(`set local app.user_id = ${escapeLiteral(ownerId)}; ${text}`);
    return Array.isArray(results) ? results.at(-1) : results;
  };
  Object.assign(client, { query: scoped });
}

/** Makes every connection of the pool send `asOwner`'s owner along; for `onPoolCreated`. */
export function scopePool(pool: Pool): void {
  pool.on('connect', scope);
}
