import { type RawBuilder, sql } from 'kysely';
import type { Placeholders } from '../resource/index.js';

type Sql = RawBuilder<unknown>;

/** The SQL of tasks that repeat. */
export const taskSeriesSql = {
  /** The series of each task that repeats: its recurrence with the state of the series, and its next task. */
  find: ({ ownerId, ids }: Placeholders<'ids'>): Sql => sql`
    select id, recurrence, next_task_id from task
     where owner_id = ${ownerId} and id = any(${ids}::uuid[]) and recurrence is not null`,

  setNext: ({ ownerId, rows }: Placeholders<'rows'>): Sql => sql`
    update task set next_task_id = next
      from json_to_recordset(${rows}) as input (id uuid, next uuid)
     where owner_id = ${ownerId} and task.id = input.id`,
};
