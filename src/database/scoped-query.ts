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

/**
 * Transaction of a statement: that of its message; one of its own, which a distributed database needs to
 * know the owner on the server that has the rows; or one that is open there.
 */
export type Block = 'implicit' | 'explicit' | 'open';

/** The message to send. An unnamed one is planned each time, a named one once per connection. */
export interface Message {
  readonly ownerId: string;
  readonly access: Access;
  readonly block: Block;
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

interface NamedStatement {
  readonly text: string;
  readonly name: string | undefined;
}

type OwnerStatements = Readonly<Record<Access, NamedStatement>>;

/** @param set sets the user `$1` for the rest of the transaction. */
function setOwner(set: string): OwnerStatements {
  const statement = (lock = '') => {
    const locked = lock && `, ${lock}(hashtextextended($1, ${String(WRITE_LOCK)}))`;
    const text = `select ${set}${locked}`;
    return { text, name: statementName(text) };
  };
  return {
    read: statement(),
    write: statement('pg_advisory_xact_lock_shared'),
    'write in transaction': statement('pg_advisory_xact_lock'),
  };
}

/**
 * The statement in front of each, which also takes the lock of the owner's writes. A statement by itself locks
 * its rows before the owner's counters, a transaction the one after the other: side by side, each could
 * wait for the other.
 */
const SET_OWNER = setOwner("set_config('app.user_id', $1, true)");
/** The same on all servers of a distributed database, to which `set_config()` is not passed on. */
const SET_OWNER_EVERYWHERE = setOwner('act_for($1)');

const BEGIN: NamedStatement = { text: 'begin', name: undefined };
const COMMIT: NamedStatement = { text: 'commit', name: undefined };

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
  /** Statements that are executed, those in front of the statement itself among them. */
  #completed = 0;
  #rows: Row[] = [];
  readonly #owner: NamedStatement;
  readonly #isExplicit: boolean;

  /** @param done is called once. */
  constructor(
    readonly message: Message,
    private readonly done: (error: Error | undefined, rows: Row[]) => void,
  ) {
    const { block, access } = message;
    this.#owner = (block === 'implicit' ? SET_OWNER : SET_OWNER_EVERYWHERE)[access];
    this.#isExplicit = block === 'explicit';
  }

  /** Called by `pg` when it is this query's turn on the connection. */
  submit(connection: Connection): void {
    const { ownerId, text, name, parameters } = this.message;
    const names = namesOn(connection);
    const ownersName = name === undefined ? undefined : this.#owner.name;
    const message = Buffer.concat([
      ...(this.#isExplicit ? execution(names, BEGIN, []) : []),
      ...execution(names, { text: this.#owner.text, name: ownersName }, [ownerId]),
      ...execution(names, { text, name }, parameters),
      ...(this.#isExplicit ? execution(names, COMMIT, []) : []),
      serialize.sync(),
    ]);
    // `pg` itself reports a connection that was lost in the meantime.
    const { stream } = connection;
    if (stream.writable) stream.write(message);
  }

  handleDataRow({ fields }: { fields: Row }): void {
    if (this.#completed === (this.#isExplicit ? 2 : 1)) this.#rows.push(fields);
  }

  handleCommandComplete(): void {
    this.#completed += 1;
  }

  handleReadyForQuery(connection: Connection): void {
    const { name, text } = this.message;
    const { name: ownersName = '', text: ownersText } = this.#owner;
    if (name !== undefined) namesOn(connection).set(ownersName, ownersText).set(name, text);
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
  { text, name = '' }: NamedStatement,
  parameters: readonly Parameter[],
): Buffer[] {
  const bound = [serialize.bind({ statement: name, values: [...parameters] }), serialize.execute()];
  if (name === '') return [serialize.parse({ text, name, types: [] }), ...bound];
  if (names.get(name) === text) return bound;
  // An earlier message may have prepared it before it failed.
  const closed = serialize.close({ type: 'S', name });
  return [closed, serialize.parse({ text, name, types: [] }), ...bound];
}
