import { type RawBuilder, sql } from 'kysely';
import type { Placeholders } from './statement.js';

type Sql = RawBuilder<unknown>;

/** The SQL of what the change log holds about one row. */
export const historySql = {
  /** The entries of a row, the newest first. */
  entries: (
    { ownerId, id, after, limit }: Placeholders<'id' | 'after' | 'limit'>,
    isFirst: boolean,
  ): Sql => sql`
    select seq, type, version, at, actor_type, actor_name, changes from change
     where owner_id = ${ownerId} and id = ${id} ${isFirst ? sql`` : sql`and seq < ${after}::bigint`}
     order by seq desc limit ${limit}::int`,

  /**
   * A row of these columns, and what it takes to go back to a version: a JSON object of the first texts that
   * later changes have replaced, by the name of their column. The last column is whether there is an entry
   * of that version.
   */
  back: (
    { ownerId, id, version }: Placeholders<'id' | 'version'>,
    { table, shown }: { readonly table: Sql; readonly shown: Sql },
  ): Sql => sql`
    with replaced as (
      select distinct on (key) key, value -> 0 as text from change, json_each(changes)
       where owner_id = ${ownerId} and id = ${id} and version > ${version}::int
       order by key, seq
    )
    select ${shown}, (select json_object_agg(key, text) from replaced),
           exists (select from change
                    where owner_id = ${ownerId} and id = ${id} and version = ${version}::int)
      from ${table} where owner_id = ${ownerId} and id = ${id}`,
};
