import { once } from 'node:events';
import { Readable } from 'node:stream';
import type { Client, Connection, Submittable } from 'pg';

/** What a query of `pg` can be asked to handle; its own types name `submit` alone. */
interface CopyConnection extends Connection {
  query(sql: string): void;
  sendCopyFromChunk(chunk: Buffer): void;
  sendCopyFail(why: string): void;
  endCopyFrom(): void;
}

class CopyTo extends Readable implements Submittable {
  #connection: CopyConnection | undefined;

  constructor(private readonly sql: string) {
    super();
  }

  submit(connection: Connection): void {
    this.#connection = connection as CopyConnection;
    this.#connection.query(this.sql);
  }

  handleCopyData({ chunk }: { chunk: Buffer }): void {
    // The parser uses its memory again.
    if (!this.push(Buffer.from(chunk))) this.#connection?.stream.pause();
  }

  override _read(): void {
    this.#connection?.stream.resume();
  }

  handleCommandComplete(): void {
    // `ReadyForQuery` follows.
  }

  handleReadyForQuery(): void {
    this.push(null);
  }

  handleError(error: Error): void {
    this.destroy(error);
  }
}

class CopyFrom implements Submittable {
  readonly #outcome = Promise.withResolvers<number>();
  readonly #over = new AbortController();
  #cause: Error | undefined;
  #count = 0;

  constructor(
    private readonly sql: string,
    private readonly rows: AsyncIterable<Buffer>,
  ) {}

  /** How many rows were stored. */
  get outcome(): Promise<number> {
    return this.#outcome.promise;
  }

  submit(connection: Connection): void {
    (connection as CopyConnection).query(this.sql);
  }

  handleCopyInResponse(connection: CopyConnection): void {
    this.#send(connection).catch((error: unknown) => {
      if (this.#over.signal.aborted) return;
      this.#cause = error instanceof Error ? error : new Error(String(error));
      connection.sendCopyFail('the rows cannot be read');
    });
  }

  async #send(connection: CopyConnection): Promise<void> {
    const { signal } = this.#over;
    for await (const chunk of this.rows) {
      signal.throwIfAborted();
      connection.sendCopyFromChunk(chunk);
      if (connection.stream.writableNeedDrain) await once(connection.stream, 'drain', { signal });
    }
    connection.endCopyFrom();
  }

  handleCommandComplete({ text }: { text: string }): void {
    this.#count = Number(text.replace('COPY ', ''));
  }

  handleReadyForQuery(): void {
    this.#outcome.resolve(this.#count);
  }

  handleError(error: Error): void {
    this.#over.abort();
    this.#outcome.reject(this.#cause ?? error);
  }
}

/**
 * The rows that `COPY … TO STDOUT` gives, in its text format. PostgreSQL waits while nobody reads.
 *
 * https://www.postgresql.org/docs/18/sql-copy.html
 */
export function copyTo(client: Client, sql: string): AsyncIterable<Buffer> {
  return client.query(new CopyTo(sql));
}

/** Sends rows to `COPY … FROM STDIN`, as fast as they are taken; says how many were stored. */
export function copyFrom(
  client: Client,
  sql: string,
  rows: AsyncIterable<Buffer>,
): Promise<number> {
  return client.query(new CopyFrom(sql, rows)).outcome;
}
