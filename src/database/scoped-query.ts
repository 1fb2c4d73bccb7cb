import { createHash } from 'node:crypto';
import type { Connection, Submittable } from 'pg';
import { serialize } from 'pg-protocol';

/** A row: the text of each column, in their order. */
export type Row = readonly (string | null)[];

/** A parameter in PostgreSQL's text format. */
export type Parameter = string | null;

/**
 * Effect of a statement. Statements that write by themselves run side by side; those of a transaction, from
 * its first one on, only when no other statement writes rows of the same owner.
 */
export type Access = 'read' | 'write' | 'write in transaction';

/** The message to send. An unnamed one is planned each time, a named one once per connection. */
export interface Message {
  readonly ownerId: string;
  readonly access: Access;
  readonly text: string;
  readonly name: string | undefined;
  /** Parameters of the statement: `$1`, `$2` and so on. */
  readonly parameters: readonly Parameter[];
}

/**
 * Names a prepared statement by a digest of its SQL. A pooler shares server connections between processes:
 * if two of them gave one name to different SQL, a read could execute a delete.
 */
export function statementName(text: string): string {
  return `owned_${createHash('sha256').update(text).digest('base64url')}`;
}

/** An arbitrary number, so that this lock of an owner is no other one. */
const WRITE_LOCK = 15;

function setOwner(lock = '') {
  const locked = lock && `, ${lock}(hashtextextended($1, ${String(WRITE_LOCK)}))`;
  const text = `select set_config('app.user_id', $1, true)${locked}`;
  return { text, name: statementName(text) };
}

/**
 * The statement in front of each, which also takes the lock of the owner's writes. A statement by itself locks
 * its rows before the owner's counters, a transaction the one after the other: side by side, each could
 * wait for the other.
 */
const SET_OWNER: Readonly<Record<Access, { readonly text: string; readonly name: string }>> = {
  read: setOwner(),
  write: setOwner('pg_advisory_xact_lock_shared'),
  'write in transaction': setOwner('pg_advisory_xact_lock'),
};

/** Names that PostgreSQL has accepted on each connection. */
const preparedNames = new WeakMap<Connection, Map<string, string>>();

function namesOn(connection: Connection): Map<string, string> {
  const names = preparedNames.get(connection) ?? new Map<string, string>();
  preparedNames.set(connection, names);
  return names;
}

/**
 * A statement with its owner in front, as one message of the extended query protocol: everything between
 * two `Sync` messages is one implicit transaction. The setting therefore applies to that statement alone,
 * an error rolls back both, and only prepared statements remain on the connection.
 *
 * It omits `Describe`: the sender knows the columns.
 *
 * https://www.postgresql.org/docs/18/protocol-flow.html#PROTOCOL-FLOW-EXT-QUERY
 */
export class ScopedQuery implements Submittable {
  /** Statements that are executed: the setting of the owner, then the statement itself. */
  #completed = 0;
  #rows: Row[] = [];

  /** @param done is called once. */
  constructor(
    readonly message: Message,
    private readonly done: (error: Error | undefined, rows: Row[]) => void,
  ) {}

  /** Called by `pg` when it is this query's turn on the connection. */
  submit(connection: Connection): void {
    const { ownerId, access, text, name, parameters } = this.message;
    const names = namesOn(connection);
    const owner = SET_OWNER[access];
    const ownersName = name === undefined ? undefined : owner.name;
    const message = Buffer.concat([
      ...execution(names, { text: owner.text, name: ownersName }, [ownerId]),
      ...execution(names, { text, name }, parameters),
      serialize.sync(),
    ]);
    // `pg` itself reports a connection that was lost in the meantime.
    const { stream } = connection;
    if (stream.writable) stream.write(message);
  }

  handleDataRow({ fields }: { fields: Row }): void {
    if (this.#completed === 1) this.#rows.push(fields);
  }

  handleCommandComplete(): void {
    this.#completed += 1;
  }

  handleReadyForQuery(connection: Connection): void {
    const { name, text, access } = this.message;
    const owner = SET_OWNER[access];
    if (name !== undefined) namesOn(connection).set(owner.name, owner.text).set(name, text);
    this.done(undefined, this.#rows);
  }

  /** Called by `pg`, also when the connection is lost. */
  handleError(error: Error): void {
    this.done(error, []);
  }
}

/** Returns the messages that execute a statement, without `Parse` if it is already prepared. */
function execution(
  names: ReadonlyMap<string, string>,
  { text, name = '' }: { readonly text: string; readonly name: string | undefined },
  parameters: readonly Parameter[],
): Buffer[] {
  const bound = [serialize.bind({ statement: name, values: [...parameters] }), serialize.execute()];
  if (name === '') return [serialize.parse({ text, name, types: [] }), ...bound];
  if (names.get(name) === text) return bound;
  // An earlier message may have prepared it before it failed.
  const closed = serialize.close({ type: 'S', name });
  return [closed, serialize.parse({ text, name, types: [] }), ...bound];
}
