import { type Expression, type RawBuilder, sql } from 'kysely';
import type { Columns } from './columns.js';
import type { Expected, Precondition } from './etag.js';
import type { Location, ResourceRules, RowWrite, RowScope } from './resource-rules.js';
import type { Placeholders } from './statement.js';

const FROM: Readonly<Record<RowWrite, Location>> = {
  update: 'list',
  trash: 'list',
  restore: 'trash',
  remove: 'anywhere',
};

export type RowParameter = 'id' | 'ifMatch' | 'ifNoneMatch';

export type PageParameter = 'limit' | 'afterValue' | 'afterId';

interface PageShape {
  readonly property: string;
  readonly descending: boolean;
  readonly location: Location;
  /** Properties that have a given value; with `!` in front, those that are not set. */
  readonly where: readonly string[];
  readonly isFirst: boolean;
}

export const and = (conditions: readonly Expression<unknown>[]) => sql.join(conditions, sql` and `);

export const isList = (expected: Expected): expected is readonly number[] =>
  Array.isArray(expected);

/** Returns SQL that is true of the owner's rows in a location. */
const inLocation = ({ ownerId }: Placeholders<never>, location: Location): RawBuilder<unknown> => {
  const isOwned = sql`owner_id = ${ownerId}`;
  if (location === 'anywhere') return isOwned;
  return sql`${isOwned} and deleted_at is ${sql.raw(location === 'list' ? 'null' : 'not null')}`;
};

/** The SQL of a resource: statements that read or lock, and the parts that all statements share. */
export class RowSql<Entity extends object> {
  /** The table, and the columns that responses show. */
  readonly table: RawBuilder<unknown>;
  readonly shown: RawBuilder<unknown>;

  constructor(
    table: string,
    protected readonly columns: Columns<Entity>,
    protected readonly rules: ResourceRules<Entity>,
  ) {
    this.table = sql.table(table);
    this.shown = sql.join(columns.shown.map((column) => sql.ref(`${table}.${column}`)));
  }

  find(parameters: Placeholders<'id'>, location: Location): RawBuilder<unknown> {
    return sql`
      select ${this.shown} from ${this.table}
       where ${inLocation(parameters, location)} and id = ${parameters.id}`;
  }

  /** Each row ends with the value of the property that the page is sorted by. */
  page(
    parameters: Placeholders<PageParameter>,
    { property, descending, location, where, isFirst }: PageShape,
  ): RawBuilder<unknown> {
    const column = this.ref(property);
    const position = sql`(${parameters.afterValue}::${this.type(property)}, ${parameters.afterId}::uuid)`;
    const isAfter = sql`and (${column}, id) ${sql.raw(descending ? '<' : '>')} ${position}`;
    const direction = sql.raw(descending ? 'desc' : 'asc');
    return sql`
      select ${this.shown}, ${column} from ${this.table}
       where ${this.inPart(parameters, location, where)} ${isFirst ? sql`` : isAfter}
       order by ${column} ${direction}, id ${direction} limit ${parameters.limit}::int`;
  }

  count(
    parameters: Placeholders<never>,
    location: Location,
    where: readonly string[],
  ): RawBuilder<unknown> {
    return sql`
      select count(*) from ${this.table} where ${this.inPart(parameters, location, where)}`;
  }

  /** All batches lock in one order, so none waits for another that waits for it. */
  lock(parameters: Placeholders<'ids'>): RawBuilder<unknown> {
    return sql`
      select ${this.shown} from ${this.table} where ${this.isAmong(parameters)}
       order by id for update`;
  }

  /** Whether a change of these properties changes the bytes that count. */
  measures(properties: readonly string[]): boolean {
    return this.rules.measured.some((property) => properties.includes(property));
  }

  /** SQL that is true of one row in a location, if its version is one that the writer accepts. */
  protected isAccepted(
    parameters: Placeholders<RowParameter>,
    location: Location,
    { ifMatch, ifNoneMatch }: Precondition,
  ): RawBuilder<unknown> {
    const conditions = [inLocation(parameters, location), sql`id = ${parameters.id}`];
    if (isList(ifMatch)) conditions.push(sql`version = any(${parameters.ifMatch})`);
    if (isList(ifNoneMatch)) conditions.push(sql`version <> all(${parameters.ifNoneMatch})`);
    // It names every version there can be.
    // Never true. Not `false`: with it, a write of this form ends the server of Citus 13.2 (SIGSEGV).
    if (ifNoneMatch === '*') conditions.push(sql`version < 0`);
    return and(conditions);
  }

  /** SQL that is true of one accepted row, if it is within the scope of this write. */
  protected isWritable(
    parameters: Placeholders<RowParameter>,
    precondition: Precondition,
    write: RowWrite,
    scope: RowScope,
  ): RawBuilder<unknown> {
    const accepted = this.isAccepted(parameters, FROM[write], precondition);
    const isAlone = scope === 'alone' ? this.rules.alone?.[write] : undefined;
    return isAlone ? and([accepted, isAlone]) : accepted;
  }

  /** SQL that is true of the rows in a location whose properties have the values of parameters. */
  protected inPart(
    parameters: Placeholders<never>,
    location: Location,
    where: readonly string[],
  ): RawBuilder<unknown> {
    const value = this.castFrom(parameters);
    const equal = where.map((name) =>
      name.startsWith('!')
        ? sql`${this.ref(name.slice(1))} is null`
        : sql`${this.ref(name)} = ${value(name)}`,
    );
    return and([inLocation(parameters, location), ...equal]);
  }

  protected isAmong(parameters: Placeholders<'ids'>): RawBuilder<unknown> {
    return sql`${inLocation(parameters, 'list')} and id = any(${parameters.ids}::uuid[])`;
  }

  protected bytesOf(value: (property: string) => Expression<unknown>): RawBuilder<unknown> {
    return this.rules.bytes(this.rules.measured.map(value));
  }

  /** Returns SQL of the value of each property, as a parameter of its type. */
  protected castFrom(parameters: Placeholders<string>): (property: string) => RawBuilder<unknown> {
    return (property) => sql`${parameters[property]}::${this.type(property)}`;
  }

  protected type(property: string): RawBuilder<unknown> {
    return sql.raw(this.columns.typeOf(property));
  }

  protected ref(property: string): RawBuilder<unknown> {
    return sql.ref(this.columns.nameOf(property));
  }
}
