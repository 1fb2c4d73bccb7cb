import type { PoolClient } from 'pg';
import { CommittedWrites } from './committed-writes.js';
import type { OwnerId } from './owner-id.js';
import { DEFAULT_LIMITS } from './connection.js';
import { orUnavailable, sqlStatesOf } from './outage.js';
import {
  type Access,
  type Block,
  type Message,
  ScopedQuery,
  type Parameter,
  type Row,
  statementName,
} from './scoped-query.js';
import { endUnlessDone } from './query-deadline.js';
import { retryConflicts } from './retry.js';
import { afterCommit, currentTransaction } from './row-level-security.js';
import { traceQuery } from './traced-queries.js';
import type { UserConnections } from './user-connections.js';

/** Maximum number of prepared statements per connection: lists have many combinations of filters. */
const MAX_NAMES = 100;

/**
 * invalid_sql_statement_name, duplicate_prepared_statement: the statement was prepared on another server
 * connection, as behind a pooler in transaction mode. feature_not_supported: a migration has changed the
 * result type of a prepared statement.
 */
const INVALID_NAMES = /^(26000|42P05|0A000)$/;

/**
 * Sends each statement with its owner as one message, and prepares it once per connection.
 *
 * A statement is its own transaction, retried on conflicts; within `asOwner` it is part of the open
 * transaction.
 */
export class ScopedQueryRunner {
  readonly #names = new Map<string, string>();
  #usesNames = true;

  constructor(
    private readonly connections: UserConnections,
    private readonly limits = DEFAULT_LIMITS,
    private readonly writes = new CommittedWrites(),
    /** Whether rows are on several servers. */
    readonly isDistributed = false,
  ) {}

  /**
   * Runs SQL in which the owner is `$1` and `parameters` start at `$2`.
   *
   * @throws Problem `database_unavailable` if the database is not available,
   *   `too_many_concurrent_requests` if the owner's other requests hold all of its connections.
   */
  run(ownerId: OwnerId, text: string, parameters: readonly Parameter[] = []): Promise<Row[]> {
    return this.#run('read', ownerId, text, parameters);
  }

  /**
   * Runs such SQL that writes or locks rows, and reports the write once it is committed.
   *
   * @throws as `run`
   */
  async write(ownerId: OwnerId, text: string, parameters: readonly Parameter[]): Promise<Row[]> {
    const isPart = currentTransaction() !== undefined;
    const access = isPart ? 'write in transaction' : 'write';
    const rows = await this.#run(access, ownerId, text, parameters);
    const report = () => {
      this.writes.report(ownerId);
    };
    if (isPart) afterCommit(report);
    else report();
    return rows;
  }

  #run(
    access: Access,
    ownerId: OwnerId,
    text: string,
    parameters: readonly Parameter[],
  ): Promise<Row[]> {
    const transaction = currentTransaction();
    const message: Message = {
      ownerId,
      access,
      block: this.#blockOf(transaction),
      text,
      name: undefined,
      parameters: [ownerId, ...parameters],
    };
    if (transaction) return this.#send(transaction, message);
    return orUnavailable(() => retryConflicts(() => this.#runAlone(message)));
  }

  #blockOf(transaction: PoolClient | undefined): Block {
    if (!this.isDistributed) return 'implicit';
    return transaction === undefined ? 'explicit' : 'open';
  }

  async #runAlone(message: Message): Promise<Row[]> {
    const client = await this.connections.connect(message.ownerId);
    try {
      return await this.#sendAlone(client, { ...message, name: this.#nameOf(message.text) });
    } catch (error) {
      if (!sqlStatesOf(error).some((state) => INVALID_NAMES.test(state))) throw error;
      // The message failed as a whole, so nothing was executed.
      this.#usesNames = false;
      return await this.#sendAlone(client, message);
    } finally {
      client.release();
    }
  }

  async #sendAlone(client: PoolClient, message: Message): Promise<Row[]> {
    try {
      return await this.#send(client, message);
    } catch (error) {
      // The error came before the end of the message's own transaction. A lost connection is ended anyway.
      if (message.block === 'explicit') await client.query('rollback').catch(() => undefined);
      throw error;
    }
  }

  #send(client: PoolClient, message: Message): Promise<Row[]> {
    return traceQuery(message.text, () => this.#sendNow(client, message));
  }

  #sendNow(client: PoolClient, message: Message): Promise<Row[]> {
    const result = new Promise<Row[]>((resolve, reject) => {
      const done = (error: Error | undefined, rows: Row[]) => {
        if (error === undefined) resolve(rows);
        else reject(error);
      };
      client.query(new ScopedQuery(message, done));
    });
    return endUnlessDone(client, result, this.limits);
  }

  #nameOf(text: string): string | undefined {
    if (!this.#usesNames) return undefined;
    const name = this.#names.get(text);
    if (name !== undefined || this.#names.size === MAX_NAMES) return name;
    const added = statementName(text);
    this.#names.set(text, added);
    return added;
  }
}
