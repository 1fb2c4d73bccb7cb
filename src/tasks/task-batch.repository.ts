import { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import { asOwner, OwnedStatements, type OwnerId } from '../database/index.js';
import { addBytes, addTasks, UsageRepository } from '../usage/index.js';
import type { TaskDto } from './task.dto.js';
import { NEW_VERSION, SHOWN_COLUMNS, type TaskColumns, toDto } from './task.mapper.js';
import { arrayLiteral } from './text-array.js';

/** A task to be. */
export interface NewTask {
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

const LOCK = `
  select ${SHOWN_COLUMNS} from task
   where owner_id = $1 and id = any($2::uuid[]) and deleted_at is null
   order by id for update`;

/** What the JSON of a state says of the columns. */
const DUE_DATE = `(state ->> 'dueDate')::date`;
const DUE_AT = `(state ->> 'dueAt')::timestamptz`;
const PRIORITY = `(state ->> 'priority')::smallint`;
const TAGS = `array(select jsonb_array_elements_text(state -> 'tags'))`;
const COMPLETED = `(state ->> 'completed')::boolean`;

const BYTES = `task_bytes(state ->> 'title', state ->> 'description', ${TAGS})`;
const COUNTED = { slot: '$3', taskQuota: '$4', byteQuota: '$5' };

const INSERT = `
  with added as (
    select count(*)::int as more, sum(${BYTES}) as more_bytes
      from jsonb_array_elements($2) as states (state)
  ), counted as (${addTasks('more', 'more_bytes', COUNTED, 'from added')})
  insert into task
    (owner_id, id, title, description, priority, due_date, due_at, tags, completed_at)
  select $1, (state ->> 'id')::uuid, state ->> 'title', state ->> 'description', ${PRIORITY},
         ${DUE_DATE}, ${DUE_AT}, ${TAGS}, case when ${COMPLETED} then now() end
    from jsonb_array_elements($2) as states (state)
   where exists (select from counted)
  returning ${SHOWN_COLUMNS}`;

// An id that is cast in the condition itself could not be looked up in the key's index: a cast may
// fail, and tell of a row before row-level security has hidden it. So the states are materialized.
const UPDATE = `
  with states as materialized (
    select key::uuid as state_id, value as state from jsonb_each($2)
  ), previous as (
    select coalesce(sum(${BYTES} - task_bytes(title, description, tags)), 0) as added
      from states, task where owner_id = $1 and id = state_id and deleted_at is null
  ), counted as (${addBytes('previous', 'added', COUNTED)}), changed as (
    update task
       set title = state ->> 'title', description = state ->> 'description',
           priority = ${PRIORITY}, due_date = ${DUE_DATE}, due_at = ${DUE_AT}, tags = ${TAGS},
           completed_at = case when ${COMPLETED} then coalesce(completed_at, now()) end,
           ${NEW_VERSION}
      from states
     where owner_id = $1 and id = state_id and deleted_at is null
       and ((select added from previous) = 0 or exists (select from counted))
    returning ${SHOWN_COLUMNS}
  )
  select changed.*, added from previous left join changed on true`;

const TRASH = `
  update task set deleted_at = now(), ${NEW_VERSION}
   where owner_id = $1 and id = any($2::uuid[]) and deleted_at is null
  returning id`;

/**
 * What a batch asks of the table: one statement for all tasks of a kind, whose number does not depend
 * on how many they are. As in `TasksRepository`, every statement has the owner in its condition.
 */
@Injectable()
export class TaskBatchRepository {
  constructor(
    private readonly statements: OwnedStatements,
    private readonly usage: UsageRepository,
    private readonly em: EntityManager,
  ) {}

  /** Does all of the work or nothing; nothing as well, though with its result, when `dry`. */
  async transaction<T>(ownerId: OwnerId, dry: boolean, work: () => Promise<T>): Promise<T> {
    try {
      return await asOwner(ownerId, () =>
        this.em.transactional(async () => {
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
  async lock(ownerId: OwnerId, ids: readonly string[]): Promise<TaskDto[]> {
    if (ids.length === 0) return [];
    return (await this.statements.run(ownerId, LOCK, [arrayLiteral(ids)])).map(toDto);
  }

  /**
   * Inserts tasks, and returns them in the order given.
   *
   * @throws QuotaExceeded
   */
  async insert(ownerId: OwnerId, tasks: readonly NewTask[]): Promise<TaskDto[]> {
    if (tasks.length === 0) return [];
    const states = tasks.map(({ columns, completed }) => {
      return { ...EMPTY, ...columns, completed, id: uuidv7() };
    });
    const created = await this.usage.write(ownerId, tasks.length, async () => {
      const parameters = [JSON.stringify(states), ...this.usage.parameters];
      const rows = await this.statements.run(ownerId, INSERT, parameters);
      return rows.length > 0 ? rows.map(toDto) : undefined;
    });
    // Ids are made in ascending order; PostgreSQL promises none.
    return created.sort((a, b) => (a.id < b.id ? -1 : 1));
  }

  /**
   * Brings each of these tasks, which are locked, into a state, as a new version.
   *
   * @throws QuotaExceeded
   */
  async update(ownerId: OwnerId, states: ReadonlyMap<string, TaskState>): Promise<TaskDto[]> {
    if (states.size === 0) return [];
    return this.usage.write(ownerId, 0, async () => {
      const parameters = [JSON.stringify(Object.fromEntries(states)), ...this.usage.parameters];
      const rows = await this.statements.run(ownerId, UPDATE, parameters);
      const changed = rows.filter(([id]) => id !== null);
      return changed.length > 0 || rows[0]?.at(-1) === '0' ? changed.map(toDto) : undefined;
    });
  }

  async trash(ownerId: OwnerId, ids: readonly string[]): Promise<void> {
    if (ids.length > 0) await this.statements.run(ownerId, TRASH, [arrayLiteral(ids)]);
  }
}
