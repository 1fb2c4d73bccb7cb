import { type RawBuilder, sql } from 'kysely';
import type { Columns } from './columns.js';
import type { LogRules } from './resource-rules.js';
import type { Placeholders } from './statement.js';
import type { ActorParameter } from './writer.js';

type Sql = RawBuilder<unknown>;

/** Number of rows that a statement changes: at most one, or any number. */
type Count = 'one' | 'many';

/** Type of an entry after the name of its resource, and the JSON of the values that it has changed. */
export interface LogEntry {
  readonly type: Sql;
  readonly changes?: Sql | undefined;
}

/**
 * Appends an entry to the change log of the owner for each row of the query `changed`, which has its `id` and
 * `version`. The row of the owner's counter stays locked until the transaction ends, so numbers become
 * visible in their order and without gaps.
 *
 * `on conflict` also locks a counter that was created or changed after the statement began. `returning` keeps a
 * distributed database from writing entries with COPY, which row-level security refuses.
 */
export function appendToLog(
  { ownerId, actorType, actorName }: Placeholders<ActorParameter>,
  count: Count,
  { type, changes = sql`null` }: LogEntry,
): Sql {
  const isOne = count === 'one';
  const added = isOne
    ? sql`select ${ownerId}, 1 from changed`
    : sql`select ${ownerId}, count(*) from changed having count(*) > 0`;
  const seq = isOne
    ? sql`counter.seq`
    : sql`counter.seq + 1 - row_number() over (order by changed.id desc)`;
  return sql`
    counter as (
      insert into change_counter as kept (owner_id, seq) ${added}
      on conflict (owner_id) do update set seq = kept.seq + excluded.seq
      returning seq
    ), logged as (
      insert into change (owner_id, seq, type, id, version, actor_type, actor_name, changes)
      select ${ownerId}, ${seq}, ${type}, changed.id, changed.version, ${actorType}::text,
             ${actorName}::text, (${changes})::json
        from changed, counter
      returning seq
    )`;
}

/** SQL of a JSON object: columns that have changed, each with its text before and after. */
const changesOf = (columns: readonly { readonly name: string; before: Sql; after: Sql }[]): Sql => {
  const members = columns.map(
    ({ name, before, after }) => sql`
      case when ${before} is distinct from ${after}
        then ${sql.lit(`"${name}":`)} || json_build_array(${before}::text, ${after}::text)::text end`,
  );
  return sql`'{' || concat_ws(',', ${sql.join(members)}) || '}'`;
};

/** The same of one column of all rows, whose values are given. */
export const changeOfAll = (column: string, before: Sql, after: Sql): Sql =>
  sql`${sql.lit(`{"${column}":`)} || json_build_array(${before}::text, ${after}::text)::text || '}'`;

/** The SQL that writes entries of a resource. */
export class LogSql<Entity extends object> {
  constructor(
    private readonly columns: Columns<Entity>,
    private readonly rules: LogRules<Entity>,
  ) {}

  /** Returns the type of all entries of a statement. */
  type(type: string): Sql {
    return sql.lit(`${this.rules.name}.${type}`);
  }

  /** Columns that `previous` selects for the entry of an update of these properties. */
  previous(properties: readonly string[]): Sql {
    const columns = this.#loggedAmong(properties).map(
      (name) => sql`${sql.ref(name)} as ${sql.ref(`was_${name}`)}`,
    );
    return sql.join([sql`id as was_id`, ...columns]);
  }

  /** The same columns as `changed` returns them. */
  returned(properties: readonly string[]): Sql {
    const names = this.#loggedAmong(properties).map((name) => sql.ref(`was_${name}`));
    return sql.join([sql`was_id`, ...names]);
  }

  /** Returns the entry of an update of these properties. */
  update(properties: readonly string[]): LogEntry {
    const pair = (name: string) => ({
      name,
      before: sql.ref(`was_${name}`),
      after: sql.ref(`changed.${name}`),
    });
    const pairs = this.#loggedAmong(properties).map(pair);
    const types = this.rules.types
      .filter(({ of }) => of.some((property) => properties.includes(property)))
      .map(({ type, of, after }) => {
        const differing = of
          .filter((property) => properties.includes(property))
          .map((property) => pair(this.columns.nameOf(property)))
          .map((column) => sql`${column.before} is distinct from ${column.after}`);
        const isOf = sql.join(differing, sql` or `);
        return sql`when (${isOf}) ${after ? sql`and ${after}` : sql``} then ${this.type(type)}`;
      });
    const updated = this.type('updated');
    const type =
      types.length > 0 ? sql`case ${sql.join(types, sql` `)} else ${updated} end` : updated;
    return { type, changes: pairs.length > 0 ? changesOf(pairs) : undefined };
  }

  #loggedAmong(properties: readonly string[]): string[] {
    return this.rules.properties
      .filter((property) => properties.includes(property))
      .map((property) => this.columns.nameOf(property));
  }
}
