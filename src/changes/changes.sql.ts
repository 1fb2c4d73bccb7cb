import { type RawBuilder, sql } from 'kysely';
import type { Placeholders } from '../resource/index.js';

type Sql = RawBuilder<unknown>;

/** Entries that one statement looks at: of a task that is changed again and again only the last one counts. */
export const MAX_SCANNED = 2_000;

/** Tables of things, and the columns that responses show. */
interface Things {
  readonly task: readonly string[];
  readonly list: readonly string[];
}

const columnsOf = (table: keyof Things, columns: readonly string[]): Sql =>
  sql.join(columns.map((column) => sql.ref(`${table}.${column}`)));

/** The SQL of the change log. */
export const changesSql = {
  /** The numbers of the last entry and of the last one that was purged. */
  bounds: ({ ownerId }: Placeholders<never>): Sql =>
    sql`select seq, purged_seq from change_counter where owner_id = ${ownerId}`,

  /**
   * The latest entries of what has changed after a number, with the things as they are: log and things are
   * read in one snapshot. Each row begins with the bounds of the log, the last number that was looked at,
   * and how many were; there is one row if nothing has changed.
   */
  page: (
    { ownerId, since, limit }: Placeholders<'since' | 'limit'>,
    { task, list }: Things,
  ): Sql => sql`
    with scanned as (
      select seq, type, id, version, at from change
       where owner_id = ${ownerId} and seq > ${since}::bigint
       order by seq limit ${sql.lit(MAX_SCANNED)}
    ), latest as (
      select * from scanned
       where not exists (
         select from change as later
          where later.owner_id = ${ownerId} and later.id = scanned.id and later.seq > scanned.seq
       )
       order by seq limit ${limit}::int
    ), bounds as (
      select max(seq) as last, max(purged_seq) as purged from change_counter
       where owner_id = ${ownerId}
    )
    select bounds.last, bounds.purged, (select max(seq) from scanned),
           (select count(*) from scanned),
           latest.seq, latest.type, latest.id, latest.version, latest.at,
           case when task.id is not null then task.deleted_at is not null end,
           case when list.id is not null then list.deleted_at is not null end,
           ${columnsOf('task', task)}, ${columnsOf('list', list)}
      from bounds left join latest on true
      left join task on task.owner_id = ${ownerId} and task.id = latest.id
      left join list on list.owner_id = ${ownerId} and list.id = latest.id
     order by latest.seq`,
};
