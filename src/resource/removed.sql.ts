import { type RawBuilder, sql } from 'kysely';
import { appendToLog } from './change-log.sql.js';
import type { Placeholders } from './statement.js';
import { addToUsage } from './usage.sql.js';
import type { ActorParameter } from './writer.js';

/** The resource of rows: the name of its entries in the change log, and what a row counts as. */
interface Resource {
  readonly name: string;
  readonly tasks: 0 | 1;
  /**
   * SQL of the bytes of a row of `deleted`. A delete does not return them itself: a distributed database
   * refuses a function there that is not immutable.
   */
  readonly bytes: RawBuilder<unknown>;
}

/**
 * Subtracts from the owner's usage what the query `deleted` has deleted, whose rows have `id`, `version` and
 * the columns of `bytes`, deletes their history, and appends an entry for each.
 *
 * PostgreSQL executes the queries of a `with` in no order that it promises. `changed` reads `counted`, so the usage
 * is locked before the log, as every write locks them.
 */
export function removedFrom(
  parameters: Placeholders<ActorParameter | 'slot'>,
  { name, tasks, bytes }: Resource,
  count: 'one' | 'many',
): RawBuilder<unknown> {
  const less = sql`
    select ${sql.lit(-tasks)} * count(*)::int as tasks, -sum(${bytes})::bigint as bytes
      from deleted having count(*) > 0`;
  return sql`
    counted as (${addToUsage(parameters, ['tasks', 'bytes'], less)}), changed as (
      select id, version from deleted, counted
    ), forgotten as (
      delete from change where owner_id = ${parameters.ownerId} and id in (select id from changed)
    ), ${appendToLog(parameters, count, { type: sql.lit(`${name}.removed`) })}`;
}
