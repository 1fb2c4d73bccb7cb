import { type RawBuilder, sql } from 'kysely';
import type { Precondition } from './etag.js';
import type { DerivedSetting, RowScope } from './resource-rules.js';
import { and, type RowParameter, RowSql } from './row.sql.js';
import type { Placeholders } from './statement.js';
import { addToUsage, addWithinQuota, type UsageParameter } from './usage.sql.js';

interface Update {
  readonly properties: readonly string[];
  readonly derived: DerivedSetting | undefined;
  readonly precondition: Precondition;
  readonly scope: RowScope;
}

const NEW_VERSION = sql`version = version + 1, updated_at = now()`;

/** The SQL of a resource: of every statement that `OwnedRepository` sends. */
export class OwnedSql<Entity extends object> extends RowSql<Entity> {
  /**
   * Inserts one row, whose values are parameters of their own: one row is not worth a JSON parser. It is
   * not inserted when the quota has no room for it.
   */
  insertOne(
    parameters: Placeholders<'id' | UsageParameter>,
    properties: readonly string[],
  ): RawBuilder<unknown> {
    const value = this.castFrom(parameters);
    const values = sql.join(['id', ...properties].map(value));
    const added = this.bytesOf((name) =>
      properties.includes(name) ? value(name) : sql`null::${this.type(name)}`,
    );
    return sql`
      with added as (select ${sql.lit(this.rules.tasks)} as tasks, ${added} as bytes),
      counted as (${addWithinQuota(parameters)})
      ${this.#insertFrom(sql`(values (${values}))`, parameters, properties)}`;
  }

  /** Inserts rows of JSON; none of them when the quota has no room for all. */
  insertMany(
    parameters: Placeholders<'rows' | UsageParameter>,
    properties: readonly string[],
  ): RawBuilder<unknown> {
    const added = this.bytesOf((name) =>
      properties.includes(name) ? this.ref(name) : sql`null::${this.type(name)}`,
    );
    return sql`
      with rows as materialized (
        select * from ${this.#recordset(parameters, properties)}
      ), added as (
        select ${sql.lit(this.rules.tasks)} * count(*)::int as tasks,
               coalesce(sum(${added}), 0) as bytes from rows
      ), counted as (${addWithinQuota(parameters)})
      ${this.#insertFrom(sql`(select * from rows)`, parameters, properties)}`;
  }

  /** A change of measured properties has a row of nulls where the quota has no room for it. */
  update(
    parameters: Placeholders<RowParameter | UsageParameter>,
    { properties, derived, precondition, scope }: Update,
  ): RawBuilder<unknown> {
    const placeholders: Placeholders<string> = parameters;
    const assignments = [
      ...properties.map((name) => sql`${this.ref(name)} = ${placeholders[name]}`),
      ...(derived ? [derived.assignment] : []),
      NEW_VERSION,
    ];
    const changes = [
      ...properties.map((name) => sql`${this.ref(name)} is distinct from ${placeholders[name]}`),
      ...(derived ? [derived.changes] : []),
    ];
    const isChanged = changes.length > 0 ? sql.join(changes, sql` or `) : sql`false`;
    const accepted = this.isWritable(parameters, precondition, 'update', scope);
    const found = sql`${accepted} and (${isChanged})`;
    const setting = sql.join(assignments);
    if (!this.measures(properties)) {
      return sql`update ${this.table} set ${setting} where ${found} returning ${this.shown}`;
    }
    const value = this.castFrom(parameters);
    const newValue = (name: string) => (properties.includes(name) ? value(name) : this.ref(name));
    // The row is locked before its bytes are counted: they are those of the version that is replaced.
    return sql`
      with previous as (
        select id as previous_id, 0 as tasks,
               ${this.bytesOf(newValue)} - ${this.bytesOf((name) => this.ref(name))} as bytes
          from ${this.table} where ${found} for update
      ), added as (select * from previous), counted as (${addWithinQuota(parameters)}), changed as (
        update ${this.table} set ${setting} from previous
         where owner_id = ${parameters.ownerId} and id = previous_id
           and (bytes = 0 or exists (select from counted))
        returning ${this.shown}
      )
      select changed.* from previous left join changed on true`;
  }

  trash(
    parameters: Placeholders<RowParameter>,
    precondition: Precondition,
    scope: RowScope,
  ): RawBuilder<unknown> {
    return sql`
      update ${this.table} set deleted_at = now(), ${NEW_VERSION}
       where ${this.isWritable(parameters, precondition, 'trash', scope)} returning id`;
  }

  restore(
    parameters: Placeholders<RowParameter>,
    precondition: Precondition,
    scope: RowScope,
  ): RawBuilder<unknown> {
    return sql`
      update ${this.table} set deleted_at = null, ${NEW_VERSION}
       where ${this.isWritable(parameters, precondition, 'restore', scope)} returning ${this.shown}`;
  }

  remove(
    parameters: Placeholders<RowParameter | 'slot'>,
    precondition: Precondition,
    scope: RowScope,
  ): RawBuilder<unknown> {
    const less = sql`select ${sql.lit(-this.rules.tasks)} as tasks, -bytes as bytes from deleted`;
    return sql`
      with deleted as (
        delete from ${this.table} where ${this.isWritable(parameters, precondition, 'remove', scope)}
        returning id, ${this.bytesOf((name) => this.ref(name))} as bytes
      ), counted as (${addToUsage(parameters, ['tasks', 'bytes'], less)})
      select id from deleted`;
  }

  /** The rows are JSON, and locked. Each row of the result ends with the bytes that all of them add. */
  updateMany(
    parameters: Placeholders<'rows' | UsageParameter>,
    properties: readonly string[],
  ): RawBuilder<unknown> {
    const stored = (name: string) => sql`${this.table}.${this.ref(name)}`;
    const given = (name: string) => sql`input.${this.ref(name)}`;
    const newValue = (name: string) => (properties.includes(name) ? given(name) : stored(name));
    const found = and([
      sql`${this.table}.owner_id = ${parameters.ownerId}`,
      sql`${this.table}.id = input.id`,
      sql`${this.table}.deleted_at is null`,
    ]);
    const setting = properties.map((name) => sql`${this.ref(name)} = ${given(name)}`);
    return sql`
      with input as materialized (
        select * from ${this.#recordset(parameters, properties)}
      ), added as (
        select 0 as tasks,
               coalesce(sum(${this.bytesOf(newValue)} - ${this.bytesOf(stored)}), 0) as bytes
          from input, ${this.table} where ${found}
      ), counted as (${addWithinQuota(parameters)}), changed as (
        update ${this.table} set ${sql.join(setting)}, ${NEW_VERSION} from input
         where ${found} and ((select bytes from added) = 0 or exists (select from counted))
        returning ${this.shown}
      )
      select changed.*, added.bytes from added left join changed on true`;
  }

  trashMany(parameters: Placeholders<'ids'>, scope: RowScope): RawBuilder<unknown> {
    const isAlone = scope === 'alone' ? this.rules.alone?.trash : undefined;
    const found = isAlone ? and([this.isAmong(parameters), isAlone]) : this.isAmong(parameters);
    return sql`
      update ${this.table} set deleted_at = now(), ${NEW_VERSION} where ${found} returning id`;
  }

  /** Typed rows: an id that is cast in a condition could not be looked up in the index of the key. */
  #recordset({ rows }: Placeholders<'rows'>, properties: readonly string[]): RawBuilder<unknown> {
    const columns = ['id', ...properties].map((name) => sql`${this.ref(name)} ${this.type(name)}`);
    return sql`json_to_recordset(${rows}) as input (${sql.join(columns)})`;
  }

  #insertFrom(
    rows: RawBuilder<unknown>,
    { ownerId }: Placeholders<never>,
    properties: readonly string[],
  ): RawBuilder<unknown> {
    const columns = sql.join(['id', ...properties].map((name) => this.ref(name)));
    return sql`
      insert into ${this.table} (owner_id, ${columns})
      select ${ownerId}, ${columns} from ${rows} as input (${columns})
       where exists (select from counted)
      returning ${this.shown}`;
  }
}
