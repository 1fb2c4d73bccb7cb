import { type EntityName, EntityRepository } from '@mikro-orm/core';
import type { SqlEntityManager } from '@mikro-orm/postgresql';
import {
  asOwner,
  type OwnerId,
  type Parameter,
  type Row,
  scopedQueriesOf,
} from '../database/index.js';
import { tracer } from '../tracing/index.js';
import { Columns } from './columns.js';
import { type Placeholders, Statement } from './statement.js';

/**
 * MikroORM's repository without the methods that name no owner: `find`, `nativeDelete` and their like
 * do not compile. Whoever calls one by a cast sees no rows, as no owner is set then.
 */
const UnscopedMethodsHidden = EntityRepository as unknown as abstract new <Entity extends object>(
  em: SqlEntityManager,
  entityName: EntityName<Entity>,
) => { readonly em: SqlEntityManager; readonly entityName: EntityName<Entity> };

type Compilable = ReturnType<Parameters<typeof Statement.compile>[1]>;

/** Ends a transaction whose changes are not kept. */
class RolledBack<Result> extends Error {
  constructor(readonly result: Result) {
    super('rolled back');
  }
}

/**
 * A repository of user data. Every method has the owner first; every statement has the owner in its
 * condition, and sends it to PostgreSQL for row-level security: each alone keeps other rows out.
 */
export abstract class ScopedRepository<
  Entity extends object,
> extends UnscopedMethodsHidden<Entity> {
  protected readonly columns: Columns<Entity>;
  protected readonly table: string;
  readonly #statements = new Map<string, Statement>();

  constructor(em: SqlEntityManager, entityName: EntityName<Entity>) {
    super(em, entityName);
    const metadata = em.getMetadata().get(entityName);
    this.columns = new Columns(metadata);
    this.table = metadata.tableName;
  }

  /**
   * Runs `work` as one transaction of the owner; within another one it is a part of that. Conflicts are
   * retried, so `work` may run more than once.
   *
   * @param dry rolls back what `work` has done, and still returns its result.
   * @throws Problem `database_unavailable`
   */
  async transaction<Result>(
    ownerId: OwnerId,
    work: () => Promise<Result>,
    { dry = false } = {},
  ): Promise<Result> {
    try {
      return await asOwner(ownerId, () =>
        this.em.transactional(async () => {
          const result = await work();
          if (dry) throw new RolledBack(result);
          return result;
        }),
      );
    } catch (error) {
      if (error instanceof RolledBack) return error.result as Result;
      throw error;
    }
  }

  /** Whether rows are on several servers, so that a function that reads them is a statement of its own. */
  protected get isDistributed(): boolean {
    return scopedQueriesOf(this.em).isDistributed;
  }

  /** Every statement that has been compiled, by its name. */
  get statements(): ReadonlyMap<string, Statement> {
    return this.#statements;
  }

  /** Returns the statement of this name, which is compiled once. */
  protected statement<Name extends string>(
    name: string,
    build: (parameters: Placeholders<Name>) => Compilable,
  ): Statement<Name> {
    const known = this.#statements.get(name);
    if (known !== undefined) return known as Statement<Name>;
    const statement = Statement.compile(name, build);
    this.#statements.set(name, statement);
    return statement;
  }

  /**
   * Sends a statement with its owner.
   *
   * @throws Problem `database_unavailable`, or `too_many_concurrent_requests` of this owner.
   */
  protected run<Name extends string>(
    ownerId: OwnerId,
    statement: Statement<Name>,
    values?: Readonly<Partial<Record<Name, Parameter>>>,
  ): Promise<Row[]> {
    const parameters = statement.bind(values);
    return this.#trace(statement, () =>
      scopedQueriesOf(this.em).run(ownerId, statement.sql, parameters),
    );
  }

  /**
   * Sends a statement that writes or locks rows. Writes of one owner wait for a transaction of the same owner
   * that has begun to write, and for each other where they number the changes.
   *
   * @throws as `run`
   */
  protected write<Name extends string>(
    ownerId: OwnerId,
    statement: Statement<Name>,
    values?: Readonly<Partial<Record<Name, Parameter>>>,
  ): Promise<Row[]> {
    const parameters = statement.bind(values);
    return this.#trace(statement, () =>
      scopedQueriesOf(this.em).write(ownerId, statement.sql, parameters),
    );
  }

  /** Runs a statement in a span, if requests are traced: it also shows the wait for a connection. */
  #trace({ name, operation }: Statement, send: () => Promise<Row[]>): Promise<Row[]> {
    if (tracer?.isSampled() !== true) return send();
    const attributes = { 'taskward.statement': name };
    return tracer.span(`${this.constructor.name} ${operation}`, send, { attributes });
  }
}
