import { LockMode, raw, type RequiredEntityData } from '@mikro-orm/core';
import { InjectRepository } from '@mikro-orm/nestjs';
import { EntityRepository } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import type { OwnerId } from '../common/owner-id.js';
import { asOwner } from '../database/index.js';
import { newVersion, SHOWN_COLUMNS, Task, type TaskColumns } from './task.entity.js';

/** A task to be. */
interface NewTask {
  readonly columns: TaskColumns;
  readonly completed: boolean;
}

/** All that a caller may set of a task, by property, in JSON's types. */
export type TaskState = Readonly<Record<string, unknown>>;

const EMPTY = { description: null, priority: 0, dueDate: null, dueAt: null, tags: [] };

/** Ends a transaction whose work is not to be kept. */
class Undone<T> extends Error {
  constructor(readonly result: T) {
    super('undone');
  }
}

/** SQL for what `changed` says of the row's task. */
const changed = (property: string, type: string) =>
  `(select (states -> id::text ->> '${property}')::${type} from changed)`;

/**
 * What a batch asks of the table: one statement for all tasks of a kind, whose number does not depend
 * on how many they are. As in `TasksRepository`, every statement has the owner in its condition.
 */
@Injectable()
export class TaskBatchRepository {
  constructor(@InjectRepository(Task) private readonly tasks: EntityRepository<Task>) {}

  /** Does all of the work or nothing; nothing as well, though with its result, when `dry`. */
  async transaction<T>(ownerId: OwnerId, dry: boolean, work: () => Promise<T>): Promise<T> {
    try {
      return await asOwner(ownerId, () =>
        this.tasks.getEntityManager().transactional(async () => {
          const result = await work();
          if (dry) throw new Undone(result);
          return result;
        }),
      );
    } catch (error) {
      if (error instanceof Undone) return error.result as T;
      throw error;
    }
  }

  /** The tasks of these ids that are there, locked in the one order that no two batches differ in. */
  async lock(ownerId: OwnerId, ids: readonly string[]): Promise<Task[]> {
    if (ids.length === 0) return [];
    return this.tasks
      .createQueryBuilder()
      .select(SHOWN_COLUMNS)
      .where({ ownerId, id: [...ids], deletedAt: null })
      .orderBy({ id: 'asc' })
      .setLockMode(LockMode.PESSIMISTIC_WRITE)
      .execute<Task[]>('all');
  }

  /** @returns the tasks in the order given. */
  async insert(ownerId: OwnerId, tasks: readonly NewTask[]): Promise<Task[]> {
    if (tasks.length === 0) return [];
    const rows = tasks.map(({ columns, completed }) => {
      const completedAt = completed ? raw('now()') : null;
      return { ...EMPTY, ...columns, completedAt, ownerId, id: uuidv7() };
    });
    const created = await this.tasks
      .createQueryBuilder()
      .insert(rows as RequiredEntityData<Task>[])
      .returning(SHOWN_COLUMNS)
      .execute<Task[]>('all');
    // Ids are made in ascending order; PostgreSQL promises none.
    return created.sort((a, b) => (a.id < b.id ? -1 : 1));
  }

  /** Brings each of these tasks, which are locked, into a state, as a new version. */
  async update(ownerId: OwnerId, states: ReadonlyMap<string, TaskState>): Promise<Task[]> {
    if (states.size === 0) return [];
    const json = JSON.stringify(Object.fromEntries(states));
    return this.tasks
      .createQueryBuilder()
      .with('changed', raw('select ?::jsonb as states', [json]))
      .update({
        title: raw(changed('title', 'varchar')),
        description: raw(changed('description', 'varchar')),
        priority: raw(changed('priority', 'smallint')),
        dueDate: raw(changed('dueDate', 'date')),
        dueAt: raw(changed('dueAt', 'timestamptz')),
        tags: raw(
          `array(select jsonb_array_elements_text(states -> id::text -> 'tags') from changed)`,
        ),
        completedAt: raw(
          `case when ${changed('completed', 'boolean')} then coalesce(completed_at, now()) end`,
        ),
        ...newVersion(),
      })
      .where({ ownerId, id: [...states.keys()], deletedAt: null })
      .returning(SHOWN_COLUMNS)
      .execute<Task[]>('all');
  }

  async trash(ownerId: OwnerId, ids: readonly string[]): Promise<void> {
    if (ids.length === 0) return;
    await this.tasks
      .createQueryBuilder()
      .update({ deletedAt: raw('now()'), ...newVersion() })
      .where({ ownerId, id: [...ids], deletedAt: null })
      .execute('run');
  }
}
