import { createHash } from 'node:crypto';
import type { Connection, Submittable } from 'pg';
import { serialize } from 'pg-protocol';

/** A row: the text of each column, in their order. */
export type Row = readonly (string | null)[];

/** A parameter in PostgreSQL's text format. */
export type Parameter = string | null;

/** The message to send. An unnamed one is planned each time, a named one once per connection. */
export interface Message {
  readonly ownerId: string;
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

const SET_OWNER_TEXT = `select set_config('app.user_id', $1, true)`;
const SET_OWNER = { text: SET_OWNER_TEXT, name: statementName(SET_OWNER_TEXT) };

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
    const { ownerId, text, name, parameters } = this.message;
    const names = namesOn(connection);
    const ownersName = name === undefined ? undefined : SET_OWNER.name;
    const message = Buffer.concat([
      ...execution(names, { text: SET_OWNER.text, name: ownersName }, [ownerId]),
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
    const { name, text } = this.message;
    if (name !== undefined) namesOn(connection).set(SET_OWNER.name, SET_OWNER.text).set(name, text);
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
