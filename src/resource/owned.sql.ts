import { type RawBuilder, sql } from 'kysely';
import { appendToLog, LogSql } from './change-log.sql.js';
import type { Columns } from './columns.js';
import type { Precondition } from './etag.js';
import type { DerivedSetting, ResourceRules, RowScope } from './resource-rules.js';
import { removedFrom } from './removed.sql.js';
import { and, type RowParameter, RowSql } from './row.sql.js';
import type { Placeholders } from './statement.js';
import { addWithinQuota, type UsageParameter } from './usage.sql.js';
import type { ActorParameter } from './writer.js';

interface Update {
  readonly properties: readonly string[];
  readonly derived: DerivedSetting | undefined;
  readonly precondition: Precondition;
  readonly scope: RowScope;
}

const NEW_VERSION = sql`version = version + 1, updated_at = now()`;

/** The SQL of a resource: of every statement that `OwnedRepository` sends. */
export class OwnedSql<Entity extends object> extends RowSql<Entity> {
  readonly #log: LogSql<Entity>;
  readonly #shownOfChanged: RawBuilder<unknown>;

  constructor(table: string, columns: Columns<Entity>, rules: ResourceRules<Entity>) {
    super(table, columns, rules);
    this.#log = new LogSql(columns, rules.log);
    this.#shownOfChanged = sql.join(columns.shown.map((column) => sql.ref(`changed.${column}`)));
  }

  /**
   * Inserts one row, whose values are parameters of their own: one row is not worth a JSON parser. It is
   * not inserted when the quota has no room for it.
   */
  insertOne(
    parameters: Placeholders<'id' | UsageParameter | ActorParameter>,
    properties: readonly string[],
  ): RawBuilder<unknown> {
    const value = this.castFrom(parameters);
    const values = sql.join(['id', ...properties].map(value));
    const added = this.bytesOf((name) =>
      properties.includes(name) ? value(name) : sql`null::${this.type(name)}`,
    );
    return sql`
      with added as (select ${sql.lit(this.rules.tasks)} as tasks, ${added} as bytes),
      counted as (${addWithinQuota(parameters)}), changed as (
        ${this.#insertFrom(sql`(values (${values}))`, parameters, properties)}
      ), ${appendToLog(parameters, 'one', { type: this.#log.type('created') })}
      select ${this.#shownOfChanged} from changed`;
  }

  /** Inserts rows of JSON; none of them when the quota has no room for all. */
  insertMany(
    parameters: Placeholders<'rows' | UsageParameter | ActorParameter>,
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
      ), counted as (${addWithinQuota(parameters)}), changed as (
        ${this.#insertFrom(sql`(select * from rows)`, parameters, properties)}
      ), ${appendToLog(parameters, 'many', { type: this.#log.type('created') })}
      select ${this.#shownOfChanged} from changed`;
  }

  /** A change of measured properties has a row of nulls where the quota has no room for it. */
  update(
    parameters: Placeholders<RowParameter | UsageParameter | ActorParameter>,
    { properties, derived, precondition, scope }: Update,
  ): RawBuilder<unknown> {
    const { setting, isChanged } = this.#settingOf(parameters, properties, derived);
    const accepted = this.isWritable(parameters, precondition, 'update', scope);
    const found = sql`${accepted} and (${isChanged})`;
    const written = derived ? [...properties, derived.property] : properties;
    // A distributed database evaluates no `now()` within an expression of an update, but in a query.
    const previous = derived
      ? sql`${this.#log.previous(written)}, ${derived.value} as new_value`
      : this.#log.previous(written);
    const changed = (condition: RawBuilder<unknown>) => sql`changed as (
        update ${this.table} set ${setting} from previous
         where owner_id = ${parameters.ownerId} and id = was_id ${condition}
        returning ${this.shown}, ${this.#log.returned(written)}
      ), ${appendToLog(parameters, 'one', this.#log.update(written))}`;
    // The row is locked before its values are read: they are those of the version that is replaced.
    if (!this.measures(properties)) {
      return sql`
        with previous as (
          select ${previous} from ${this.table} where ${found} for update
        ), ${changed(sql``)}
        select ${this.#shownOfChanged} from changed`;
    }
    const value = this.castFrom(parameters);
    const newValue = (name: string) => (properties.includes(name) ? value(name) : this.ref(name));
    return sql`
      with previous as (
        select ${previous}, 0 as tasks,
               ${this.bytesOf(newValue)} - ${this.bytesOf((name) => this.ref(name))} as bytes
          from ${this.table} where ${found} for update
      ), added as (select tasks, bytes from previous), counted as (${addWithinQuota(parameters)}),
      ${changed(sql`and (bytes = 0 or exists (select from counted))`)}
      select ${this.#shownOfChanged} from previous left join changed on true`;
  }

  trash(
    parameters: Placeholders<RowParameter | ActorParameter>,
    precondition: Precondition,
    scope: RowScope,
  ): RawBuilder<unknown> {
    return sql`
      with changed as (
        update ${this.table} set deleted_at = now(), ${NEW_VERSION}
         where ${this.isWritable(parameters, precondition, 'trash', scope)} returning id, version
      ), ${appendToLog(parameters, 'one', { type: this.#log.type('trashed') })}
      select id from changed`;
  }

  restore(
    parameters: Placeholders<RowParameter | ActorParameter>,
    precondition: Precondition,
    scope: RowScope,
  ): RawBuilder<unknown> {
    return sql`
      with changed as (
        update ${this.table} set deleted_at = null, ${NEW_VERSION}
         where ${this.isWritable(parameters, precondition, 'restore', scope)}
        returning ${this.shown}
      ), ${appendToLog(parameters, 'one', { type: this.#log.type('restored') })}
      select ${this.#shownOfChanged} from changed`;
  }

  remove(
    parameters: Placeholders<RowParameter | ActorParameter | 'slot'>,
    precondition: Precondition,
    scope: RowScope,
  ): RawBuilder<unknown> {
    const bytes = this.bytesOf((name) => this.ref(name));
    const resource = { name: this.rules.log.name, tasks: this.rules.tasks, bytes };
    return sql`
      with deleted as (
        delete from ${this.table} where ${this.isWritable(parameters, precondition, 'remove', scope)}
        returning id, version, ${sql.join(this.rules.measured.map((name) => this.ref(name)))}
      ), ${removedFrom(parameters, resource, 'one')}
      select id from changed`;
  }

  /** The rows are JSON, and locked. Each row of the result ends with the bytes that all of them add. */
  updateMany(
    parameters: Placeholders<'rows' | UsageParameter | ActorParameter>,
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
      ), previous as (
        select ${this.#log.previous(properties)} from ${this.table}
         where owner_id = ${parameters.ownerId} and id in (select id from input)
      ), added as (
        select 0 as tasks,
               coalesce(sum(${this.bytesOf(newValue)} - ${this.bytesOf(stored)}), 0) as bytes
          from input, ${this.table} where ${found}
      ), counted as (${addWithinQuota(parameters)}), changed as (
        update ${this.table} set ${sql.join(setting)}, ${NEW_VERSION}
          from input join previous on was_id = input.id
         where ${found} and ((select bytes from added) = 0 or exists (select from counted))
        returning ${this.shown}, ${this.#log.returned(properties)}
      ), ${appendToLog(parameters, 'many', this.#log.update(properties))}
      select ${this.#shownOfChanged}, added.bytes from added left join changed on true`;
  }

  trashMany(
    parameters: Placeholders<'ids' | ActorParameter>,
    scope: RowScope,
  ): RawBuilder<unknown> {
    const isAlone = scope === 'alone' ? this.rules.alone?.trash : undefined;
    const found = isAlone ? and([this.isAmong(parameters), isAlone]) : this.isAmong(parameters);
    return sql`
      with changed as (
        update ${this.table} set deleted_at = now(), ${NEW_VERSION}
         where ${found} returning id, version
      ), ${appendToLog(parameters, 'many', { type: this.#log.type('trashed') })}
      select id from changed`;
  }

  /** SQL that sets properties, and SQL that is true of a row that this changes. */
  #settingOf(
    placeholders: Placeholders<string>,
    properties: readonly string[],
    derived: DerivedSetting | undefined,
  ) {
    const assignments = [
      ...properties.map((name) => sql`${this.ref(name)} = ${placeholders[name]}`),
      ...(derived ? [sql`${this.ref(derived.property)} = new_value`] : []),
      NEW_VERSION,
    ];
    const changes = [
      ...properties.map((name) => sql`${this.ref(name)} is distinct from ${placeholders[name]}`),
      ...(derived ? [derived.changes] : []),
    ];
    const isChanged = changes.length > 0 ? sql.join(changes, sql` or `) : sql`false`;
    return { setting: sql.join(assignments), isChanged };
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
