import type { EntityName } from '@mikro-orm/core';
import type { SqlEntityManager } from '@mikro-orm/postgresql';
import { sql } from 'kysely';
import type { OwnerId, Parameter, Row } from '../database/index.js';
import { instantOf } from './columns.js';
import type { FieldChange, VersionDto } from './history.dto.js';
import { historySql } from './history.sql.js';
import type { Page } from './page.js';
import type { LogRules } from './resource-rules.js';
import { ScopedRepository } from './scoped.repository.js';
import type { Statement } from './statement.js';
import { actorParameters, type Writer } from './writer.js';

/** The texts of columns before and after a change. */
type Texts = Readonly<Record<string, readonly [before: string | null, after: string | null]>>;

/** An entry of the change log, as PostgreSQL returns it. */
interface Entry {
  readonly seq: string;
  readonly version: VersionDto;
  readonly texts: Texts | null;
}

const CREATED = 1;

function entryOf([seq, type, version, at, actorType, actorName, changes]: Row): Entry {
  const author = actorType === 'token' ? 'token' : 'session';
  return {
    seq: String(seq),
    version: {
      version: Number(version),
      at: instantOf(String(at)),
      type: String(type),
      by: { type: author, name: actorName ?? null },
      changes: {},
    },
    texts: changes ? (JSON.parse(changes) as Texts) : null,
  };
}

/** A repository of rows whose changes are logged, and can be read and undone. */
export abstract class LoggedRepository<
  Entity extends object,
  Dto extends object,
> extends ScopedRepository<Entity> {
  readonly #log: LogRules<Entity>;

  constructor(em: SqlEntityManager, entityName: EntityName<Entity>, log: LogRules<Entity>) {
    super(em, entityName);
    this.#log = log;
  }

  /** Returns a row of the shown columns as clients see it. */
  abstract toDto(row: Row): Dto;

  /** Names of the columns of such a row. */
  get shown(): readonly string[] {
    return this.columns.shown;
  }

  /** Returns the versions of a row, the newest first, after one of these. */
  async history(
    ownerId: OwnerId,
    id: string,
    { after, limit }: { after: string | undefined; limit: number },
  ): Promise<Page<VersionDto>> {
    const isFirst = after === undefined;
    const statement = this.statement<'id' | 'after' | 'limit'>(
      `history${isFirst ? '' : ', after'}`,
      (parameters) => historySql.entries(parameters, isFirst),
    );
    const values = { id, limit: String(limit), ...(after !== undefined && { after }) };
    const entries = (await this.run(ownerId, statement, values)).map(entryOf);
    for (const { version, texts } of entries) {
      if (texts) version.changes = this.#changesOf(texts);
      else if (version.version === CREATED) {
        const created = await this.at(ownerId, id, CREATED);
        if (created) version.changes = this.#difference(this.toDto([]), created);
      }
    }
    return {
      rows: entries.map(({ version }) => version),
      positionOf: (index) => ({ value: entries[index]?.seq ?? null, id }),
    };
  }

  /** Returns a row as it was in a version; null if the log has no entry of it. */
  async at(ownerId: OwnerId, id: string, version: number): Promise<Dto | null> {
    const { shown } = this.columns;
    const statement = this.statement<'id' | 'version'>('back', (parameters) =>
      historySql.back(parameters, {
        table: sql.table(this.table),
        shown: sql.join(shown.map((column) => sql.ref(column))),
      }),
    );
    const [row] = await this.run(ownerId, statement, { id, version: String(version) });
    if (row?.at(-1) !== 't') return null;
    const replaced = JSON.parse(row[shown.length] ?? '{}') as Record<string, string | null>;
    const then = shown.map((column, index) => {
      const text = Object.hasOwn(replaced, column) ? replaced[column] : row[index];
      return text ?? null;
    });
    return this.toDto(then);
  }

  /**
   * Waits until the owner's other writes have ended, and keeps others out until the transaction ends: those
   * that move rows, or write which rows belong together, read before they write.
   */
  async lockOwner(ownerId: OwnerId): Promise<void> {
    const statement = this.statement(
      'lock owner',
      ({ ownerId: owner }) => sql`select ${owner}::text`,
    );
    await this.write(ownerId, statement);
  }

  /** Sends a statement that also appends to the change log. */
  protected writeAs(
    user: Writer,
    statement: Statement,
    values: Readonly<Record<string, Parameter>>,
  ): Promise<Row[]> {
    return this.write(user.id, statement, { ...values, ...actorParameters(user) });
  }

  #changesOf(texts: Texts): Record<string, FieldChange> {
    const rowOf = (side: 0 | 1) =>
      this.columns.shown.map((column) => texts[column]?.[side] ?? null);
    return this.#difference(this.toDto(rowOf(0)), this.toDto(rowOf(1)));
  }

  /** Compares the fields of the history, those of a column that is null are null, false or none. */
  #difference(before: Dto, after: Dto): Record<string, FieldChange> {
    const [from, to] = [before, after].map((dto) => new Map<string, unknown>(Object.entries(dto)));
    const isSame = (field: string) =>
      JSON.stringify(from?.get(field) ?? null) === JSON.stringify(to?.get(field) ?? null);
    const changed = this.#log.fields.filter((field) => !isSame(field));
    return Object.fromEntries(
      changed.map((field) => [
        field,
        { from: from?.get(field) ?? null, to: to?.get(field) ?? null },
      ]),
    );
  }
}
