import { type RawBuilder, sql } from 'kysely';
import {
  type ActorParameter,
  appendToLog,
  changeOfAll,
  type Placeholders,
  removedFrom,
} from '../resource/index.js';

/** Ancestors that a task may have. */
export const MAX_ANCESTORS = 4;

type Sql = RawBuilder<unknown>;

const NEW_VERSION = sql`version = version + 1, updated_at = now()`;

/** Tasks that are removed, as `removedFrom` counts them. */
export const REMOVED_TASKS = {
  name: 'task',
  tasks: 1,
  bytes: sql`task_bytes(title, description, tags)`,
} as const;

/**
 * Defines `below`: the ids and levels of all tasks below one, itself not among them, as far as they meet a
 * condition. The recursion is a query within: in a statement that writes, a distributed database refuses it.
 */
const below = ({ ownerId, id }: Placeholders<'id'>, condition: Sql = sql`true`): Sql => sql`
  below as materialized (
    with recursive found as (
      select id, 1 as level from task
       where owner_id = ${ownerId} and parent_id = ${id} and ${condition}
      union all
      select task.id, level + 1 from found
        join task on owner_id = ${ownerId} and parent_id = found.id
       where ${condition}
    ) select id, level from found
  )`;

/**
 * Changes of the tasks below `root`, which its trashing takes along, and its restoring brings back: the setting
 * of each, and its condition.
 */
const TRASH_CHANGES = {
  trash: {
    type: sql`'task.trashed'`,
    setting: sql`deleted_at = now(), trashed_with = root`,
    condition: () => sql`deleted_at is null`,
  },
  restore: {
    type: sql`'task.restored'`,
    setting: sql`deleted_at = null, trashed_with = null`,
    condition: (root: Sql) => sql`trashed_with = ${root}`,
  },
} as const;

export type TrashChange = keyof typeof TRASH_CHANGES;

/** The SQL of tasks that belong together. */
export const taskTreeSql = {
  /**
   * A parent that is there: its list, the number of ancestors that its children have, and whether a
   * task is the parent itself or above it. The last column is the number of levels below that task.
   */
  parent: (parameters: Placeholders<'id' | 'parentId'>): Sql => {
    const { ownerId, id, parentId } = parameters;
    return sql`
      with recursive ${below(parameters)}, ancestors as (
        select id, parent_id, list_id, 1 as level from task
         where owner_id = ${ownerId} and id = ${parentId} and deleted_at is null
        union all
        select task.id, task.parent_id, task.list_id, level + 1 from ancestors
          join task on owner_id = ${ownerId} and task.id = ancestors.parent_id
      )
      select list_id, (select max(level) from ancestors),
             exists (select from ancestors where id = ${id}::uuid),
             (select coalesce(max(level), 0) from below)
        from ancestors where level = 1`;
  },

  list: ({ ownerId, listId }: Placeholders<'listId'>): Sql => sql`
    select from list where owner_id = ${ownerId} and id = ${listId} and deleted_at is null`,

  /** The row is locked: whoever trashes it alone then sees that it is not. */
  markParent: ({ ownerId, id }: Placeholders<'id'>): Sql => sql`
    update task set has_subtasks = true
     where owner_id = ${ownerId} and id = ${id} and deleted_at is null and not has_subtasks`,

  /** Changes all below the tasks of these ids. */
  changeBelow: (parameters: Placeholders<'ids' | ActorParameter>, change: TrashChange): Sql => {
    const { ownerId, ids } = parameters;
    const { type, setting, condition } = TRASH_CHANGES[change];
    return sql`
      with below as materialized (
        with recursive found as (
          select id, parent_id as root from task
           where owner_id = ${ownerId} and parent_id = any(${ids}::uuid[])
             and ${condition(sql`parent_id`)}
          union all
          select task.id, root from found
            join task on owner_id = ${ownerId} and parent_id = found.id
           where ${condition(sql`root`)}
        ) select id, root from found
      ), changed as (
        update task set ${setting}, ${NEW_VERSION} from below
         where owner_id = ${ownerId} and task.id = below.id and ${condition(sql`root`)}
        returning task.id, version
      ), ${appendToLog(parameters, 'many', { type })}
      select`;
  },

  /** Those in the trash belong to the list of their parent, too. */
  moveBelow: (parameters: Placeholders<'id' | 'listId' | 'wasListId' | ActorParameter>): Sql => {
    const { ownerId, listId, wasListId } = parameters;
    const changes = changeOfAll('list_id', sql`${wasListId}`, sql`${listId}`);
    return sql`
      with ${below(parameters)}, changed as (
        update task set list_id = ${listId}::uuid, ${NEW_VERSION}
         where owner_id = ${ownerId} and id in (select id from below)
        returning id, version
      ), ${appendToLog(parameters, 'many', { type: sql`'task.moved'`, changes })}
      select`;
  },

  /** The result has the tasks that repeat, of these columns. */
  completeBelow: (parameters: Placeholders<'id' | ActorParameter>, shown: Sql): Sql => sql`
    with ${below(parameters, sql`deleted_at is null`)}, changed as (
      update task set completed_at = now(), ${NEW_VERSION}
       where owner_id = ${parameters.ownerId} and id in (select id from below)
         and completed_at is null
      returning *
    ), ${appendToLog(parameters, 'many', {
      type: sql`'task.completed'`,
      changes: changeOfAll('completed_at', sql`null`, sql`changed.completed_at`),
    })}
    select ${shown} from changed as task where recurrence is not null`,

  removeBelow: (parameters: Placeholders<'id' | 'slot' | ActorParameter>): Sql => sql`
    with ${below(parameters)}, deleted as (
      delete from task where owner_id = ${parameters.ownerId} and id in (select id from below)
      returning id, version, title, description, tags
    ), ${removedFrom(parameters, REMOVED_TASKS, 'many')}
    select`,

  /** The subtasks of tasks, of the next level: how many there are, and how many are completed. */
  progress: ({ ownerId, ids }: Placeholders<'ids'>): Sql => sql`
    select parent_id, count(*), count(completed_at) from task
     where owner_id = ${ownerId} and parent_id = any(${ids}::uuid[]) and deleted_at is null
     group by parent_id`,
};
