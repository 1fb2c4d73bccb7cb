import type { Connection, Submittable } from 'pg';

/** A row as PostgreSQL writes it: the text of each column, in their order. */
export type Row = readonly (string | null)[];

/** A parameter as PostgreSQL reads it. */
export type Parameter = string | null;

/** What is sent. Unnamed, it is planned anew each time; named, once a connection. */
export interface Message {
  readonly ownerId: string;
  readonly text: string;
  readonly name: string | undefined;
  /** Of the statement: `$1`, `$2` and so on. */
  readonly parameters: readonly Parameter[];
}

const SET_OWNER = { text: `select set_config('app.user_id', $1, true)`, name: 'owner' };

/** What PostgreSQL has been given a name for on each connection, and took. */
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
export class OwnedStatement implements Submittable {
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
    // One packet, as long as it fits.
    connection.stream.cork();
    try {
      const ownersName = name === undefined ? undefined : SET_OWNER.name;
      execute(connection, { text: SET_OWNER.text, name: ownersName }, [ownerId]);
      execute(connection, { text, name }, parameters);
      connection.sync();
    } finally {
      connection.stream.uncork();
    }
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

function execute(
  connection: Connection,
  { text, name }: Pick<Message, 'text' | 'name'>,
  parameters: readonly Parameter[],
): void {
  if (name === undefined) {
    connection.parse({ text, name: '', types: [] }, true);
  } else if (namesOn(connection).get(name) !== text) {
    // It may have come to be known in a message that failed later on.
    connection.close({ type: 'S', name }, true);
    connection.parse({ text, name, types: [] }, true);
  }
  connection.bind({ statement: name, values: [...parameters] }, true);
  connection.execute(null, true);
}
