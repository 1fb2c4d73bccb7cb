import type { EntityName } from '@mikro-orm/core';
import type { SqlEntityManager } from '@mikro-orm/postgresql';
import type { OwnerId, Row } from '../database/index.js';
import { List, type ListDto, type ListsRepository } from '../lists/index.js';
import { instantOf, ScopedRepository } from '../resource/index.js';
import { Task, type TaskDto, type TasksRepository } from '../tasks/index.js';
import type { Change } from './change.entity.js';
import { changesSql, MAX_SCANNED } from './changes.sql.js';

/** The first and the last number of a log from which changes can be read. */
export interface Bounds {
  readonly first: bigint;
  readonly last: bigint;
}

/** A thing that has changed: the number of its latest entry, and the thing as it is. */
export interface LatestChange {
  readonly seq: bigint;
  readonly type: string;
  readonly id: string;
  readonly version: number;
  readonly at: string;
  readonly task?: TaskDto | null;
  readonly list?: ListDto | null;
}

/** Changes after a number; `next` is the number to go on from. */
export interface LatestChanges {
  readonly bounds: Bounds;
  readonly changes: readonly LatestChange[];
  readonly next: bigint;
  readonly hasMore: boolean;
}

const NO_BOUNDS: Bounds = { first: 0n, last: 0n };

/** Returns the type of a change whose thing is as it is now. */
function typeOf(kind: string, type: string, thing: object | null, isTrashed: boolean): string {
  if (thing === null) return `${kind}.removed`;
  return isTrashed ? `${kind}.trashed` : type;
}

/** The change log of a user. Other repositories append to it as they write. */
export class ChangesRepository extends ScopedRepository<Change> {
  readonly #tasks: TasksRepository;
  readonly #lists: ListsRepository;

  constructor(em: SqlEntityManager, entityName: EntityName<Change>) {
    super(em, entityName);
    // MikroORM does not take them for repositories of their own, as their methods without an owner are hidden.
    this.#tasks = em.getRepository(Task) as object as TasksRepository;
    this.#lists = em.getRepository(List) as object as ListsRepository;
  }

  async bounds(ownerId: OwnerId): Promise<Bounds> {
    const [row] = await this.run(ownerId, this.statement('bounds', changesSql.bounds));
    if (row === undefined) return NO_BOUNDS;
    return { first: BigInt(row[1] ?? 0), last: BigInt(row[0] ?? 0) };
  }

  /** Returns up to `limit` things that have changed after a number, in the order of their latest change. */
  async after(ownerId: OwnerId, since: bigint, limit: number): Promise<LatestChanges> {
    const things = { task: this.#tasks.shown, list: this.#lists.shown };
    const statement = this.statement<'since' | 'limit'>('page', (parameters) =>
      changesSql.page(parameters, things),
    );
    // One more shows whether there are more.
    const values = { since: String(since), limit: String(limit + 1) };
    const rows = await this.run(ownerId, statement, values);
    const [last, purged, lastScanned, scanned] = rows[0] ?? [];
    const found = rows.filter((row) => typeof row[4] === 'string');
    const changes = found.slice(0, limit).map((row) => this.#changeOf(row.slice(4)));
    const isCut = found.length > limit;
    const lastShown = changes.at(-1)?.seq ?? since;
    return {
      bounds: { first: BigInt(purged ?? 0), last: BigInt(last ?? 0) },
      changes,
      next: isCut ? lastShown : BigInt(lastScanned ?? since),
      hasMore: isCut || Number(scanned) === MAX_SCANNED,
    };
  }

  #changeOf(row: Row): LatestChange {
    const [seq, type = '', id, version, at, isTaskTrashed, isListTrashed, ...columns] = row;
    const [kind = ''] = String(type).split('.');
    const entry = { seq: BigInt(seq ?? 0), id: String(id), at: instantOf(String(at)) };
    const taskWidth = this.#tasks.shown.length;
    if (kind === 'list') {
      const listRow = columns.slice(taskWidth);
      const list = isListTrashed === null ? null : this.#lists.toDto(listRow);
      const shown = typeOf(kind, String(type), list, isListTrashed === 't');
      return { ...entry, type: shown, version: list?.version ?? Number(version), list };
    }
    const task = isTaskTrashed === null ? null : this.#tasks.toDto(columns.slice(0, taskWidth));
    const shown = typeOf(kind, String(type), task, isTaskTrashed === 't');
    return { ...entry, type: shown, version: task?.version ?? Number(version), task };
  }
}
