import {
  createQueryId,
  type OperationNodeSource,
  PostgresQueryCompiler,
  type RawBuilder,
  sql,
} from 'kysely';
import type { Parameter } from '../database/index.js';

/** Stands in a statement for a value that is known when the statement is sent. */
class Placeholder {
  constructor(readonly name: string) {}
}

/** The owner, which is `$1` of every statement, and the placeholders that a statement names. */
export type Placeholders<Name extends string> = Readonly<
  Record<'ownerId' | Name, RawBuilder<never>>
>;

const placeholders = new Proxy<Record<string, RawBuilder<never>>>(
  {},
  { get: (_, name) => sql`${new Placeholder(String(name))}` },
);

/** Numbers placeholders by their names, the owner first; one that is used twice is sent once. */
class StatementCompiler extends PostgresQueryCompiler {
  readonly names = ['ownerId'];

  protected override appendValue(value: unknown): void {
    if (!(value instanceof Placeholder)) {
      throw new TypeError(
        'A statement is compiled once: it holds placeholders and sql.lit(), no values.',
      );
    }
    const index = this.names.indexOf(value.name);
    const position = index < 0 ? this.names.push(value.name) : index + 1;
    this.append(`$${String(position)}`);
  }
}

/** SQL that is compiled once, with the owner as `$1`, and the names of its other parameters. */
export class Statement<Name extends string = string> {
  private constructor(
    /** Name in docs/sql. */
    readonly name: string,
    readonly sql: string,
    private readonly names: readonly Name[],
  ) {}

  /**
   * Compiles a query of Kysely.
   *
   * @example
   * Statement.compile<'id'>('find', ({ ownerId, id }) =>
   *   db.selectFrom('task').select('title').where('owner_id', '=', ownerId).where('id', '=', id));
   */
  static compile<Name extends string>(
    name: string,
    build: (parameters: Placeholders<Name>) => OperationNodeSource,
  ): Statement<Name> {
    const compiler = new StatementCompiler();
    const node = build(placeholders as Placeholders<Name>).toOperationNode();
    const text = compiler.compileQuery(node as never, createQueryId()).sql;
    return new Statement<Name>(name, text, compiler.names.slice(1) as Name[]);
  }

  /** The part of the name that does not depend on fields and filters. */
  get operation(): string {
    return /^[\w ]+/.exec(this.name)?.[0].trim() ?? '';
  }

  /** Returns the values in the order of `$2`, `$3` and so on. */
  bind(values?: Readonly<Partial<Record<Name, Parameter>>>): Parameter[] {
    return this.names.map((name) => {
      const value = values?.[name];
      if (value === undefined) throw new TypeError(`The parameter ${name} has no value.`);
      return value;
    });
  }
}
