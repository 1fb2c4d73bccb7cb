import type { PoolClient } from 'pg';
import type { OwnerId } from './owner-id.js';
import { DEFAULT_LIMITS } from './connection.js';
import { orUnavailable, sqlStatesOf } from './outage.js';
import {
  type Message,
  ScopedQuery,
  type Parameter,
  type Row,
  statementName,
} from './scoped-query.js';
import { endUnlessDone } from './query-deadline.js';
import { retryConflicts } from './retry.js';
import { currentTransaction } from './row-level-security.js';
import type { UserConnections } from './user-connections.js';

/** Names that a connection keeps the plans of, at most: lists are filtered in many ways. */
const MOST_NAMES = 100;

/**
 * invalid_sql_statement_name, duplicate_prepared_statement: the server at the other end is not the one
 * that the names were given to, as behind a pooler that hands connections out by the transaction.
 * feature_not_supported: a migration has changed what a statement gives, and its plan is of no use.
 */
const NAMES_ARE_LOST = /^(26000|42P05|0A000)$/;

/** Operator intervention: the last words of a server that ends the connection. */
const LAST_WORDS = /^57P/;

const says = (error: unknown, state: RegExp) => sqlStatesOf(error).some((one) => state.test(one));

/**
 * Sends the statements of owners: one message each, planned once a connection.
 *
 * A statement is a transaction by itself, done again when it is in conflict with another one; within
 * `asOwner` it is a part of the transaction that is open there.
 */
export class ScopedQueryRunner {
  readonly #names = new Map<string, string>();
  #isNaming = true;

  constructor(
    private readonly connections: UserConnections,
    private readonly limits = DEFAULT_LIMITS,
  ) {}

  /**
   * Runs SQL in which the owner is `$1`, and `parameters` are `$2` and so on.
   *
   * @throws Problem `database_unavailable` when the database is out of reach,
   *   `too_many_concurrent_requests` when the owner's other requests are.
   */
  run(ownerId: OwnerId, text: string, parameters: readonly Parameter[] = []): Promise<Row[]> {
    const message = { ownerId, text, name: undefined, parameters: [ownerId, ...parameters] };
    const transaction = currentTransaction();
    if (transaction) return this.#send(transaction, message);
    return orUnavailable(() => retryConflicts(() => this.#runAlone(message)));
  }

  async #runAlone(message: Message): Promise<Row[]> {
    const client = await this.connections.connect(message.ownerId);
    let isEnding = false;
    try {
      return await this.#send(client, { ...message, name: this.#nameOf(message.text) });
    } catch (error) {
      isEnding = says(error, LAST_WORDS);
      if (!says(error, NAMES_ARE_LOST)) throw error;
      // Nothing has been done, as a message fails as a whole.
      this.#isNaming = false;
      return await this.#send(client, message);
    } finally {
      client.release(isEnding);
    }
  }

  #send(client: PoolClient, message: Message): Promise<Row[]> {
    const answer = new Promise<Row[]>((resolve, reject) => {
      const done = (error: Error | undefined, rows: Row[]) => {
        if (error === undefined) resolve(rows);
        else reject(error);
      };
      client.query(new ScopedQuery(message, done));
    });
    return endUnlessDone(client, answer, this.limits);
  }

  #nameOf(text: string): string | undefined {
    if (!this.#isNaming) return undefined;
    const name = this.#names.get(text);
    if (name !== undefined || this.#names.size === MOST_NAMES) return name;
    const added = statementName(text);
    this.#names.set(text, added);
    return added;
  }
}
