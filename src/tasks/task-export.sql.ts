import { type RawBuilder, sql } from 'kysely';
import type { Placeholders } from '../resource/index.js';

/** Part of a user's tasks that a page shows: those of the list, or those of the trash as well. */
export type ExportScope = 'list' | 'anywhere';

/** Columns of a page that follow those that responses show. */
const OTHERS = [
  sql`task.deleted_at is not null`,
  sql`task.trashed_with`,
  sql`task.next_task_id`,
  sql`list.name`,
];

/** Returns the tasks after an id, each with what responses do not show, and the name of its list. */
export const exportTasks = (
  { ownerId, afterId, limit }: Placeholders<'afterId' | 'limit'>,
  shown: RawBuilder<unknown>,
  scope: ExportScope,
): RawBuilder<unknown> => sql`
  select ${shown}, ${sql.join(OTHERS)}
    from task left join list on list.owner_id = ${ownerId} and list.id = task.list_id
   where task.owner_id = ${ownerId} and task.id > ${afterId}::uuid
     ${scope === 'list' ? sql`and task.deleted_at is null` : sql``}
   order by task.id limit ${limit}::int`;
