import type { EntityName } from '@mikro-orm/core';
import type { SqlEntityManager } from '@mikro-orm/postgresql';
import { v7 as uuidv7 } from 'uuid';
import type { OwnerId, Row } from '../database/index.js';
import { arrayLiteral } from './array-literal.js';
import type { NewValues } from './columns.js';
import type { Precondition } from './etag.js';
import type { Position } from './cursor.js';
import { type Page, pageOf } from './page.js';
import type { DerivedSetting, Location, ResourceRules, RowScope } from './resource-rules.js';
import { LoggedRepository } from './logged.repository.js';
import { OwnedSql } from './owned.sql.js';
import type { PageParameter, RowParameter } from './row.sql.js';
import {
  conditionsOf,
  parametersOf,
  shapeOf,
  valuesOf,
  versionsOf,
  type Where,
} from './row-parameters.js';
import { Usage } from './usage.entity.js';
import type { UsageRepository } from './usage.repository.js';
import type { UsageParameter } from './usage.sql.js';
import type { ActorParameter, Writer } from './writer.js';

/** Properties of the entity of every resource. */
export interface OwnedEntity {
  ownerId: string;
  id: string;
  createdAt: Date;
  updatedAt: Date;
  deletedAt?: Date | null | undefined;
  version: number;
}

/** A page: its order, the position that it starts after, and the number of its rows. */
export interface PageRequest {
  readonly descending: boolean;
  readonly location: Location;
  /** Values that properties of the rows have. */
  readonly where?: Where | undefined;
  readonly after: Position | undefined;
  readonly limit: number;
}

/** A change of one row. */
export interface Change<Entity extends object> {
  readonly values: NewValues<Entity>;
  readonly derived?: DerivedSetting | undefined;
}

/**
 * The repository of a resource: rows that have a version, a trash, and a share of their owner's quota.
 * Each method is one statement, so no time passes between a check and its use.
 */
export abstract class OwnedRepository<
  Entity extends OwnedEntity,
  Dto extends { readonly id: string },
> extends LoggedRepository<Entity, Dto> {
  protected readonly sql: OwnedSql<Entity>;
  readonly #tasks: number;
  readonly #usage: UsageRepository;

  constructor(em: SqlEntityManager, entityName: EntityName<Entity>, rules: ResourceRules<Entity>) {
    super(em, entityName, rules.log);
    this.#tasks = rules.tasks;
    this.sql = new OwnedSql(this.table, this.columns, rules);
    // MikroORM does not take it for a repository of its own, as its methods without an owner are hidden.
    this.#usage = em.getRepository(Usage) as object as UsageRepository;
  }

  find(ownerId: OwnerId, id: string, location: Location = 'list'): Promise<Dto | null> {
    const statement = this.statement<'id'>(`find, ${location}`, (parameters) =>
      this.sql.find(parameters, location),
    );
    return this.#one(this.run(ownerId, statement, { id }));
  }

  /**
   * Inserts rows, and returns them in the order of their ids, which they get here unless they have them. All
   * have the same properties.
   *
   * @throws QuotaExceeded
   */
  async insert(user: Writer, rows: readonly NewValues<Entity>[]): Promise<Dto[]> {
    const [first] = rows;
    if (first === undefined) return [];
    const properties = Object.keys(first).filter((property) => property !== 'id');
    const send =
      rows.length === 1
        ? this.#insertOne(user, first, properties)
        : this.#insertMany(user, rows, properties);
    const inserted = await this.#usage.writeWithinQuota(
      user.id,
      rows.length * this.#tasks,
      async () => {
        const created = await send();
        return created.length > 0 ? created.map((row) => this.toDto(row)) : undefined;
      },
    );
    // Ids are made in ascending order; PostgreSQL promises none.
    return inserted.sort((a, b) => (a.id < b.id ? -1 : 1));
  }

  /**
   * Changes a row; returns null when nothing changed, or nothing was there to be changed.
   *
   * @throws QuotaExceeded
   */
  update(
    user: Writer,
    id: string,
    { values, derived }: Change<Entity>,
    precondition: Precondition,
    scope: RowScope = 'any',
  ): Promise<Dto | null> {
    const properties = Object.keys(values);
    const name = derived ? [...properties, derived.name] : properties;
    const statement = this.statement<RowParameter | UsageParameter | ActorParameter>(
      `update ${scope}: ${name.join(', ')}${shapeOf(precondition)}`,
      (parameters) => this.sql.update(parameters, { properties, derived, precondition, scope }),
    );
    const parameters = { ...versionsOf(precondition), ...parametersOf<Entity>(id, values) };
    if (!this.sql.measures(properties)) {
      return this.#one(this.writeAs(user, statement, parameters));
    }
    return this.#usage.writeWithinQuota(user.id, 0, async () => {
      const counted = { ...parameters, ...this.#usage.parameters };
      const [row] = await this.writeAs(user, statement, counted);
      if (row === undefined) return null;
      // A row of nulls stands for one that the quota has no room for.
      return row[0] === null ? undefined : this.toDto(row);
    });
  }

  /** Returns the first rows of a list after a position, in the order of a property and of the id. */
  async pageBy(
    ownerId: OwnerId,
    property: keyof Entity & string,
    { descending, location, where = {}, after, limit }: PageRequest,
  ): Promise<Page<Dto>> {
    const names = conditionsOf(where);
    const shape = { property, descending, location, where: names, isFirst: after === undefined };
    const order = `${property}${descending ? ' descending' : ''}`;
    const statement = this.statement<PageParameter>(
      `page, ${[location, ...names].join(', ')} by ${order}${after ? ', after' : ''}`,
      (parameters) => this.sql.page(parameters, shape),
    );
    const position = after && { afterValue: String(after.value), afterId: after.id };
    const parameters = { limit: String(limit), ...position, ...valuesOf(where) };
    const rows = await this.run(ownerId, statement, parameters);
    const dtos = rows.map((row) => this.toDto(row));
    return pageOf(dtos, (_, index) => rows[index]?.at(-1) ?? null);
  }

  /** Returns the number of rows in a location whose properties have these values. */
  async countBy(ownerId: OwnerId, location: Location, where: Where = {}): Promise<number> {
    const names = conditionsOf(where);
    const statement = this.statement(`count, ${[location, ...names].join(', ')}`, (parameters) =>
      this.sql.count(parameters, location, names),
    );
    const [row] = await this.run(ownerId, statement, valuesOf(where));
    return Number(row?.[0]);
  }

  /** Puts a row into the trash; returns false when it was not there, or the precondition failed. */
  async trash(
    user: Writer,
    id: string,
    precondition: Precondition,
    scope: RowScope = 'alone',
  ): Promise<boolean> {
    const statement = this.statement<RowParameter | ActorParameter>(
      `trash ${scope}${shapeOf(precondition)}`,
      (parameters) => this.sql.trash(parameters, precondition, scope),
    );
    return (await this.writeAs(user, statement, { id, ...versionsOf(precondition) })).length > 0;
  }

  /** Takes a row out of the trash; returns null when it was not in it, or the precondition failed. */
  restore(
    user: Writer,
    id: string,
    precondition: Precondition,
    scope: RowScope = 'alone',
  ): Promise<Dto | null> {
    const statement = this.statement<RowParameter | ActorParameter>(
      `restore ${scope}${shapeOf(precondition)}`,
      (parameters) => this.sql.restore(parameters, precondition, scope),
    );
    return this.#one(this.writeAs(user, statement, { id, ...versionsOf(precondition) }));
  }

  /** Deletes a row, wherever it is; returns false when there was none, or the precondition failed. */
  async remove(
    user: Writer,
    id: string,
    precondition: Precondition,
    scope: RowScope = 'alone',
  ): Promise<boolean> {
    const statement = this.statement<RowParameter | ActorParameter | 'slot'>(
      `remove ${scope}${shapeOf(precondition)}`,
      (parameters) => this.sql.remove(parameters, precondition, scope),
    );
    const values = { id, ...versionsOf(precondition), slot: this.#usage.slot };
    return (await this.writeAs(user, statement, values)).length > 0;
  }

  /** Locks the rows of these ids that are there, until the transaction ends, and returns them. */
  async lock(ownerId: OwnerId, ids: readonly string[]): Promise<Dto[]> {
    if (ids.length === 0) return [];
    const statement = this.statement<'ids'>('lock', (parameters) => this.sql.lock(parameters));
    const rows = await this.write(ownerId, statement, { ids: arrayLiteral(ids) });
    return rows.map((row) => this.toDto(row));
  }

  /**
   * Changes rows that are locked, each to a new version. All have the same properties.
   *
   * @throws QuotaExceeded
   */
  async updateMany(user: Writer, changes: ReadonlyMap<string, NewValues<Entity>>): Promise<Dto[]> {
    const [first] = changes.values();
    if (first === undefined) return [];
    const properties = Object.keys(first);
    const statement = this.statement<'rows' | UsageParameter | ActorParameter>(
      `update many ${properties.join(', ')}`,
      (parameters) => this.sql.updateMany(parameters, properties),
    );
    const rows = JSON.stringify(Array.from(changes, ([id, values]) => this.#toJson(id, values)));
    return this.#usage.writeWithinQuota(user.id, 0, async () => {
      const values = { rows, ...this.#usage.parameters };
      const result = await this.writeAs(user, statement, values);
      const changed = result.filter(([id]) => id !== null);
      const hasRoom = changed.length > 0 || result[0]?.at(-1) === '0';
      return hasRoom ? changed.map((row) => this.toDto(row)) : undefined;
    });
  }

  /** Puts the rows of these ids that are there into the trash; returns how many. */
  async trashMany(
    user: Writer,
    ids: readonly string[],
    scope: RowScope = 'alone',
  ): Promise<number> {
    if (ids.length === 0) return 0;
    const statement = this.statement<'ids' | ActorParameter>(`trash many ${scope}`, (parameters) =>
      this.sql.trashMany(parameters, scope),
    );
    return (await this.writeAs(user, statement, { ids: arrayLiteral(ids) })).length;
  }

  #insertOne(
    user: Writer,
    row: NewValues<Entity>,
    properties: readonly string[],
  ): () => Promise<Row[]> {
    const statement = this.statement<'id' | UsageParameter | ActorParameter>(
      `insert one: ${properties.join(', ')}`,
      (parameters) => this.sql.insertOne(parameters, properties),
    );
    const values = parametersOf<Entity>(uuidv7(), row);
    return () => this.writeAs(user, statement, { ...values, ...this.#usage.parameters });
  }

  #insertMany(
    user: Writer,
    rows: readonly NewValues<Entity>[],
    properties: readonly string[],
  ): () => Promise<Row[]> {
    const statement = this.statement<'rows' | UsageParameter | ActorParameter>(
      `insert many: ${properties.join(', ')}`,
      (parameters) => this.sql.insertMany(parameters, properties),
    );
    const json = JSON.stringify(rows.map((row) => this.#toJson(uuidv7(), row)));
    return () => this.writeAs(user, statement, { rows: json, ...this.#usage.parameters });
  }

  async #one(rows: Promise<Row[]>): Promise<Dto | null> {
    const [row] = await rows;
    return row === undefined ? null : this.toDto(row);
  }

  /** Returns a row as `json_to_recordset` reads it. */
  #toJson(id: string, values: NewValues<Entity>): Readonly<Record<string, unknown>> {
    const json: Record<string, unknown> = { id };
    for (const [property, value] of Object.entries<unknown>(values)) {
      json[this.columns.nameOf(property)] = value;
    }
    return json;
  }
}
