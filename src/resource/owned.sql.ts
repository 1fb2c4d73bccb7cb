import { type Expression, type RawBuilder, sql } from 'kysely';
import type { Columns } from './columns.js';
import type { Expected, Precondition } from './etag.js';
import type { Placeholders } from './statement.js';
import { addToUsage, addWithinQuota, type UsageParameter } from './usage.sql.js';

/** A part of a user's rows: those that lists show, those in the trash, or both. */
export type Location = 'list' | 'trash' | 'anywhere';

/** A column that is set from what the row holds already. */
export interface DerivedSetting {
  /** Part of the name of the statement. */
  readonly name: string;
  /** SQL such as `completed_at = now()`. */
  readonly assignment: RawBuilder<unknown>;
  /** SQL that is true when the assignment changes the row. */
  readonly changes: RawBuilder<unknown>;
}

/** The share that a row has of its owner's quota. */
export interface QuotaShare<Entity extends object> {
  /** Tasks that a row counts as. */
  readonly tasks: 0 | 1;
  /** Properties whose values count as bytes. */
  readonly measured: readonly (keyof Entity & string)[];
  /** Returns SQL of the bytes of the measured properties, in their order. */
  readonly bytes: (measured: readonly Expression<unknown>[]) => RawBuilder<unknown>;
}

export type RowParameter = 'id' | 'ifMatch' | 'ifNoneMatch';

export type PageParameter = 'limit' | 'afterValue' | 'afterId';

interface PageShape {
  readonly property: string;
  readonly descending: boolean;
  readonly location: Location;
  readonly isFirst: boolean;
}

interface Update {
  readonly properties: readonly string[];
  readonly derived: DerivedSetting | undefined;
  readonly precondition: Precondition;
}

const NEW_VERSION = sql`version = version + 1, updated_at = now()`;

const and = (conditions: readonly Expression<unknown>[]) => sql.join(conditions, sql` and `);

export const isList = (expected: Expected): expected is readonly number[] =>
  Array.isArray(expected);

/** Returns SQL that is true of the owner's rows in a location. */
const inLocation = ({ ownerId }: Placeholders<never>, location: Location): RawBuilder<unknown> => {
  const isOwned = sql`owner_id = ${ownerId}`;
  if (location === 'anywhere') return isOwned;
  return sql`${isOwned} and deleted_at is ${sql.raw(location === 'list' ? 'null' : 'not null')}`;
};

/** The SQL of a resource: of every statement that `OwnedRepository` sends. */
export class OwnedSql<Entity extends object> {
  /** The table, and the columns that responses show. */
  readonly table: RawBuilder<unknown>;
  readonly shown: RawBuilder<unknown>;

  constructor(
    table: string,
    private readonly columns: Columns<Entity>,
    private readonly share: QuotaShare<Entity>,
  ) {
    this.table = sql.table(table);
    this.shown = sql.join(columns.shown.map((column) => sql.ref(`${table}.${column}`)));
  }

  find(parameters: Placeholders<'id'>, location: Location): RawBuilder<unknown> {
    return sql`
      select ${this.shown} from ${this.table}
       where ${inLocation(parameters, location)} and id = ${parameters.id}`;
  }

  /**
   * Inserts one row, whose values are parameters of their own: one row is not worth a JSON parser. It is
   * not inserted when the quota has no room for it.
   */
  insertOne(
    parameters: Placeholders<'id' | UsageParameter>,
    properties: readonly string[],
  ): RawBuilder<unknown> {
    const value = this.#castFrom(parameters);
    const values = sql.join(['id', ...properties].map(value));
    const added = this.#bytesOf((name) =>
      properties.includes(name) ? value(name) : sql`null::${this.#type(name)}`,
    );
    return sql`
      with added as (select ${sql.lit(this.share.tasks)} as tasks, ${added} as bytes),
      counted as (${addWithinQuota(parameters)})
      ${this.#insertFrom(sql`(values (${values}))`, parameters, properties)}`;
  }

  /** Inserts rows of JSON; none of them when the quota has no room for all. */
  insertMany(
    parameters: Placeholders<'rows' | UsageParameter>,
    properties: readonly string[],
  ): RawBuilder<unknown> {
    const added = this.#bytesOf((name) =>
      properties.includes(name) ? this.#ref(name) : sql`null::${this.#type(name)}`,
    );
    return sql`
      with rows as materialized (
        select * from ${this.#recordset(parameters, properties)}
      ), added as (
        select ${sql.lit(this.share.tasks)} * count(*)::int as tasks,
               coalesce(sum(${added}), 0) as bytes from rows
      ), counted as (${addWithinQuota(parameters)})
      ${this.#insertFrom(sql`(select * from rows)`, parameters, properties)}`;
  }

  /** A change of measured properties has a row of nulls where the quota has no room for it. */
  update(
    parameters: Placeholders<RowParameter | UsageParameter>,
    { properties, derived, precondition }: Update,
  ): RawBuilder<unknown> {
    const placeholders: Placeholders<string> = parameters;
    const assignments = [
      ...properties.map((name) => sql`${this.#ref(name)} = ${placeholders[name]}`),
      ...(derived ? [derived.assignment] : []),
      NEW_VERSION,
    ];
    const changes = [
      ...properties.map((name) => sql`${this.#ref(name)} is distinct from ${placeholders[name]}`),
      ...(derived ? [derived.changes] : []),
    ];
    const isChanged = changes.length > 0 ? sql.join(changes, sql` or `) : sql`false`;
    const found = sql`${this.#isAccepted(parameters, 'list', precondition)} and (${isChanged})`;
    const setting = sql.join(assignments);
    if (!this.measures(properties)) {
      return sql`update ${this.table} set ${setting} where ${found} returning ${this.shown}`;
    }
    const value = this.#castFrom(parameters);
    const newValue = (name: string) => (properties.includes(name) ? value(name) : this.#ref(name));
    // The row is locked before its bytes are counted: they are those of the version that is replaced.
    return sql`
      with previous as (
        select id as previous_id, 0 as tasks,
               ${this.#bytesOf(newValue)} - ${this.#bytesOf((name) => this.#ref(name))} as bytes
          from ${this.table} where ${found} for update
      ), added as (select * from previous), counted as (${addWithinQuota(parameters)}), changed as (
        update ${this.table} set ${setting} from previous
         where owner_id = ${parameters.ownerId} and id = previous_id
           and (bytes = 0 or exists (select from counted))
        returning ${this.shown}
      )
      select changed.* from previous left join changed on true`;
  }

  /** Each row ends with the value of the property that the page is sorted by. */
  page(
    parameters: Placeholders<PageParameter>,
    { property, descending, location, isFirst }: PageShape,
  ): RawBuilder<unknown> {
    const column = this.#ref(property);
    const position = sql`(${parameters.afterValue}::${this.#type(property)}, ${parameters.afterId}::uuid)`;
    const isAfter = sql`and (${column}, id) ${sql.raw(descending ? '<' : '>')} ${position}`;
    const direction = sql.raw(descending ? 'desc' : 'asc');
    return sql`
      select ${this.shown}, ${column} from ${this.table}
       where ${inLocation(parameters, location)} ${isFirst ? sql`` : isAfter}
       order by ${column} ${direction}, id ${direction} limit ${parameters.limit}::int`;
  }

  trash(parameters: Placeholders<RowParameter>, precondition: Precondition): RawBuilder<unknown> {
    return sql`
      update ${this.table} set deleted_at = now(), ${NEW_VERSION}
       where ${this.#isAccepted(parameters, 'list', precondition)} returning id`;
  }

  restore(parameters: Placeholders<RowParameter>, precondition: Precondition): RawBuilder<unknown> {
    return sql`
      update ${this.table} set deleted_at = null, ${NEW_VERSION}
       where ${this.#isAccepted(parameters, 'trash', precondition)} returning ${this.shown}`;
  }

  remove(
    parameters: Placeholders<RowParameter | 'slot'>,
    precondition: Precondition,
  ): RawBuilder<unknown> {
    const less = sql`select ${sql.lit(-this.share.tasks)} as tasks, -bytes as bytes from deleted`;
    return sql`
      with deleted as (
        delete from ${this.table} where ${this.#isAccepted(parameters, 'anywhere', precondition)}
        returning id, ${this.#bytesOf((name) => this.#ref(name))} as bytes
      ), counted as (${addToUsage(parameters, ['tasks', 'bytes'], less)})
      select id from deleted`;
  }

  /** All batches lock in one order, so none waits for another that waits for it. */
  lock(parameters: Placeholders<'ids'>): RawBuilder<unknown> {
    return sql`
      select ${this.shown} from ${this.table} where ${this.#isAmong(parameters)}
       order by id for update`;
  }

  /** The rows are JSON, and locked. Each row of the result ends with the bytes that all of them add. */
  updateMany(
    parameters: Placeholders<'rows' | UsageParameter>,
    properties: readonly string[],
  ): RawBuilder<unknown> {
    const stored = (name: string) => sql`${this.table}.${this.#ref(name)}`;
    const given = (name: string) => sql`input.${this.#ref(name)}`;
    const newValue = (name: string) => (properties.includes(name) ? given(name) : stored(name));
    const found = and([
      sql`${this.table}.owner_id = ${parameters.ownerId}`,
      sql`${this.table}.id = input.id`,
      sql`${this.table}.deleted_at is null`,
    ]);
    const setting = properties.map((name) => sql`${this.#ref(name)} = ${given(name)}`);
    return sql`
      with input as materialized (
        select * from ${this.#recordset(parameters, properties)}
      ), added as (
        select 0 as tasks,
               coalesce(sum(${this.#bytesOf(newValue)} - ${this.#bytesOf(stored)}), 0) as bytes
          from input, ${this.table} where ${found}
      ), counted as (${addWithinQuota(parameters)}), changed as (
        update ${this.table} set ${sql.join(setting)}, ${NEW_VERSION} from input
         where ${found} and ((select bytes from added) = 0 or exists (select from counted))
        returning ${this.shown}
      )
      select changed.*, added.bytes from added left join changed on true`;
  }

  trashMany(parameters: Placeholders<'ids'>): RawBuilder<unknown> {
    return sql`
      update ${this.table} set deleted_at = now(), ${NEW_VERSION}
       where ${this.#isAmong(parameters)} returning id`;
  }

  /** Whether a change of these properties changes the bytes that count. */
  measures(properties: readonly string[]): boolean {
    return this.share.measured.some((property) => properties.includes(property));
  }

  /** SQL that is true of one row in a location, if its version is one that the writer accepts. */
  #isAccepted(
    parameters: Placeholders<RowParameter>,
    location: Location,
    { ifMatch, ifNoneMatch }: Precondition,
  ): RawBuilder<unknown> {
    const conditions = [inLocation(parameters, location), sql`id = ${parameters.id}`];
    if (isList(ifMatch)) conditions.push(sql`version = any(${parameters.ifMatch})`);
    if (isList(ifNoneMatch)) conditions.push(sql`version <> all(${parameters.ifNoneMatch})`);
    // It names every version there can be.
    if (ifNoneMatch === '*') conditions.push(sql`false`);
    return and(conditions);
  }

  #isAmong(parameters: Placeholders<'ids'>): RawBuilder<unknown> {
    return sql`${inLocation(parameters, 'list')} and id = any(${parameters.ids}::uuid[])`;
  }

  /** Typed rows: an id that is cast in a condition could not be looked up in the index of the key. */
  #recordset({ rows }: Placeholders<'rows'>, properties: readonly string[]): RawBuilder<unknown> {
    const columns = ['id', ...properties].map(
      (name) => sql`${this.#ref(name)} ${this.#type(name)}`,
    );
    return sql`json_to_recordset(${rows}) as input (${sql.join(columns)})`;
  }

  #bytesOf(value: (property: string) => Expression<unknown>): RawBuilder<unknown> {
    return this.share.bytes(this.share.measured.map(value));
  }

  #insertFrom(
    rows: RawBuilder<unknown>,
    { ownerId }: Placeholders<never>,
    properties: readonly string[],
  ): RawBuilder<unknown> {
    const columns = sql.join(['id', ...properties].map((name) => this.#ref(name)));
    return sql`
      insert into ${this.table} (owner_id, ${columns})
      select ${ownerId}, ${columns} from ${rows} as input (${columns})
       where exists (select from counted)
      returning ${this.shown}`;
  }

  /** Returns SQL of the value of each property, as a parameter of its type. */
  #castFrom(parameters: Placeholders<string>): (property: string) => RawBuilder<unknown> {
    return (property) => sql`${parameters[property]}::${this.#type(property)}`;
  }

  #type(property: string): RawBuilder<unknown> {
    return sql.raw(this.columns.typeOf(property));
  }

  #ref(property: string): RawBuilder<unknown> {
    return sql.ref(this.columns.nameOf(property));
  }
}
