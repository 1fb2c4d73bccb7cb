import { type RawBuilder, sql } from 'kysely';
import type { CalendarKind } from '../icalendar/index.js';
import type { Placeholders } from '../resource/index.js';

type Sql = RawBuilder<unknown>;

/** The parts of a feed that determine the SQL of its tasks. */
export interface FeedShape {
  readonly hasList: boolean;
  readonly kind: CalendarKind;
}

/**
 * Tasks of a feed after an id: open ones, and those completed since. An event has a day or a time, so tasks
 * without `due` are none. Each row ends with the state of the series.
 */
export function feedTasksSql(
  {
    ownerId,
    listId,
    completedSince,
    afterId,
    limit,
  }: Placeholders<'listId' | 'completedSince' | 'afterId' | 'limit'>,
  { hasList, kind }: FeedShape,
  shown: readonly string[],
): Sql {
  const isDated = sql`and (due_date is not null or due_at is not null)`;
  return sql`
    select ${sql.join(shown.map((column) => sql.ref(column)))}, recurrence from task
     where owner_id = ${ownerId} and deleted_at is null
       and (completed_at is null or completed_at >= ${completedSince}::timestamptz)
       ${hasList ? sql`and list_id = ${listId}` : sql``} ${kind === 'events' ? isDated : sql``}
       and id > ${afterId}::uuid
     order by id limit ${limit}::int`;
}
