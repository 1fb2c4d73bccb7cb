import { raw, type RequiredEntityData } from '@mikro-orm/core';
import { InjectRepository } from '@mikro-orm/nestjs';
import { EntityRepository, type QueryBuilder } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import type { OwnerId } from '../common/owner-id.js';
import { asOwner } from '../database/index.js';
import type { Precondition } from './etag.js';
import { newVersion, SHOWN_COLUMNS, Task, type TaskColumns } from './task.entity.js';
import { arrayLiteral } from './text-array.js';

/** The columns a caller may set, and whether the task is done. */
export interface TaskChange {
  readonly columns: TaskColumns;
  /** `toggle` turns whatever it is now. */
  readonly completed?: boolean | 'toggle' | undefined;
}

/** Where a task may be found. */
export type Place = 'list' | 'trash' | 'anywhere';

type Tasks = QueryBuilder<Task>;

const DELETED_AT = {
  list: { deletedAt: null },
  trash: { deletedAt: { $ne: null } },
  anywhere: {},
} as const satisfies Record<Place, object>;

const COMPLETED_AT = {
  true: 'coalesce(completed_at, now())',
  false: 'null',
  toggle: 'case when completed_at is null then now() end',
} as const;

const column = (property: string) => property.replace(/[A-Z]/g, (c) => `_${c.toLowerCase()}`);

/**
 * The one way to the table. Every method names the owner first, every statement has the owner in
 * its condition, and PostgreSQL is told the owner with it: each alone keeps other people's rows out.
 * Every method is one statement, so no time passes between a check and its use.
 */
@Injectable()
export class TasksRepository {
  constructor(@InjectRepository(Task) private readonly tasks: EntityRepository<Task>) {}

  insert(ownerId: OwnerId, { columns, completed }: TaskChange): Promise<Task> {
    const done = completed === true && { completedAt: raw('now()') };
    const row = { ...columns, ...done, ownerId, id: uuidv7() } as RequiredEntityData<Task>;
    return this.#run(ownerId, (tasks) =>
      tasks.insert(row).returning(SHOWN_COLUMNS).execute<Task>('get'),
    );
  }

  find(ownerId: OwnerId, id: string, place: Place = 'list'): Promise<Task | null> {
    return this.#run(ownerId, (tasks) =>
      tasks
        .select(SHOWN_COLUMNS)
        .where(this.#condition(ownerId, id, place))
        .execute<Task | null>('get'),
    );
  }

  /** The changed task; null when nothing changed, or nothing was there to be changed. */
  update(
    ownerId: OwnerId,
    id: string,
    { columns, completed }: TaskChange,
    precondition: Precondition,
  ): Promise<Task | null> {
    const done = completed !== undefined && { completedAt: raw(COMPLETED_AT[`${completed}`]) };
    return this.#run(ownerId, (tasks) => {
      const update = tasks
        .update({ ...columns, ...done, ...newVersion() })
        .where(this.#condition(ownerId, id, 'list', precondition))
        .andWhere(...this.#anyDifference({ columns, completed }));
      return update.returning(SHOWN_COLUMNS).execute<Task | null>('get');
    });
  }

  /** Puts the task into the trash. False when it was not there, or the precondition failed. */
  async trash(ownerId: OwnerId, id: string, precondition: Precondition): Promise<boolean> {
    const { affectedRows } = await this.#run(ownerId, (tasks) =>
      tasks
        .update({ deletedAt: raw('now()'), ...newVersion() })
        .where(this.#condition(ownerId, id, 'list', precondition))
        .execute<{ affectedRows: number }>('run'),
    );
    return affectedRows > 0;
  }

  /** Takes the task out of the trash. Null when it was not in it, or the precondition failed. */
  restore(ownerId: OwnerId, id: string, precondition: Precondition): Promise<Task | null> {
    return this.#run(ownerId, (tasks) =>
      tasks
        .update({ deletedAt: null, ...newVersion() })
        .where(this.#condition(ownerId, id, 'trash', precondition))
        .returning(SHOWN_COLUMNS)
        .execute<Task | null>('get'),
    );
  }

  /** Removes the row, wherever it is. False when there was none, or the precondition failed. */
  async remove(ownerId: OwnerId, id: string, precondition: Precondition): Promise<boolean> {
    const { affectedRows } = await this.#run(ownerId, (tasks) =>
      tasks
        .delete()
        .where(this.#condition(ownerId, id, 'anywhere', precondition))
        .execute<{ affectedRows: number }>('run'),
    );
    return affectedRows > 0;
  }

  #condition(
    ownerId: OwnerId,
    id: string,
    place: Place,
    { ifMatch, ifNoneMatch }: Precondition = {},
  ) {
    const version = {
      ...(Array.isArray(ifMatch) && { $in: ifMatch }),
      ...(Array.isArray(ifNoneMatch) && { $nin: ifNoneMatch }),
      // Every version there can be is named.
      ...(ifNoneMatch === '*' && { $in: [] }),
    };
    return {
      ownerId,
      id,
      ...DELETED_AT[place],
      ...(Object.keys(version).length > 0 && { version }),
    };
  }

  /** SQL that is true when the change would leave something other than it is. */
  #anyDifference({ columns, completed }: TaskChange): [sql: string, values: unknown[]] {
    const differences = Object.keys(columns).map((name) => `${column(name)} is distinct from ?`);
    if (completed === 'toggle') return ['true', []];
    if (completed !== undefined)
      differences.push(`(completed_at is not null) <> ${String(completed)}`);
    const values = Object.values(columns).map((value) =>
      Array.isArray(value) ? arrayLiteral(value as string[]) : value,
    );
    return [`(${differences.join(' or ') || 'false'})`, values];
  }

  #run<T>(ownerId: OwnerId, query: (tasks: Tasks) => Promise<T>): Promise<T> {
    return asOwner(ownerId, () => query(this.tasks.createQueryBuilder()));
  }
}
