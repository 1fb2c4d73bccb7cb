import { createHash } from 'node:crypto';
import type { Connection, Submittable } from 'pg';
import { serialize } from 'pg-protocol';

/** A row as PostgreSQL writes it: the text of each column, in their order. */
export type Row = readonly (string | null)[];

/** A parameter as PostgreSQL reads it. */
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
 * Names a prepared statement by a digest of its SQL. Behind a pooler that shares server connections, a
 * name that another process has given to other SQL would run that: a read could become a delete.
 */
export function statementName(text: string): string {
  return `owned_${createHash('sha256').update(text).digest('base64url')}`;
}

const SET_OWNER_TEXT = `select set_config('app.user_id', $1, true)`;
const SET_OWNER = { text: SET_OWNER_TEXT, name: statementName(SET_OWNER_TEXT) };

/** Names that PostgreSQL has accepted on each connection. */
const known = new WeakMap<Connection, Map<string, string>>();

function namesOn(connection: Connection): Map<string, string> {
  const names = known.get(connection) ?? new Map<string, string>();
  known.set(connection, names);
  return names;
}

/**
 * A statement with its owner in front, as one message of the extended query protocol: what stands
 * between two `Sync` is one implicit transaction. So the setting holds for that statement alone, an
 * error undoes both, and nothing stays on the connection but the plans of what has a name.
 *
 * Its columns are not asked for, as whoever sends it knows them.
 *
 * https://www.postgresql.org/docs/18/protocol-flow.html#PROTOCOL-FLOW-EXT-QUERY
 */
export class ScopedQuery implements Submittable {
  /** In the order of execution: the setting of the owner, then the statement. */
  #completed = 0;
  #rows: Row[] = [];

  /** @param done is called once. */
  constructor(
    readonly message: Message,
    private readonly done: (error: Error | undefined, rows: Row[]) => void,
  ) {}

  /** Called by `pg` when it is this statement's turn on the connection. */
  submit(connection: Connection): void {
    const { ownerId, text, name, parameters } = this.message;
    const names = namesOn(connection);
    const ownersName = name === undefined ? undefined : SET_OWNER.name;
    const message = Buffer.concat([
      ...execution(names, { text: SET_OWNER.text, name: ownersName }, [ownerId]),
      ...execution(names, { text, name }, parameters),
      serialize.sync(),
    ]);
    // A connection that has been lost meanwhile is reported by `pg` itself.
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

  /** Also when the connection is lost. */
  handleError(error: Error): void {
    this.done(error, []);
  }
}

/** The messages that have a statement executed: planned before, if it has a name that is known. */
function execution(
  names: ReadonlyMap<string, string>,
  { text, name = '' }: { readonly text: string; readonly name: string | undefined },
  parameters: readonly Parameter[],
): Buffer[] {
  const bound = [serialize.bind({ statement: name, values: [...parameters] }), serialize.execute()];
  if (name === '') return [serialize.parse({ text, name, types: [] }), ...bound];
  if (names.get(name) === text) return bound;
  // It may have come to be known in a message that failed later on.
  const closed = serialize.close({ type: 'S', name });
  return [closed, serialize.parse({ text, name, types: [] }), ...bound];
}
