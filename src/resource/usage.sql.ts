import { type RawBuilder, sql } from 'kysely';
import type { Placeholders } from './statement.js';

/** The slot of every statement in a transaction, which may come to need all slots. */
export const TRANSACTION_SLOT = '0';

/** Parameters of a statement that counts; `UsageRepository.parameters` has their values. */
export type UsageParameter = 'slot' | 'taskQuota' | 'byteQuota';

/**
 * Adds the row of the query `added`, which has `tasks` and `bytes`, to the slot of a user. Changes no
 * row when the slot's share of the quotas has no room for it; less is always taken.
 */
export const addWithinQuota = ({
  ownerId,
  slot,
  taskQuota,
  byteQuota,
}: Placeholders<UsageParameter>): RawBuilder<unknown> => sql`
  update usage set tasks = usage.tasks + added.tasks, bytes = usage.bytes + added.bytes
    from added
   where owner_id = ${ownerId} and slot = ${slot} and (added.tasks <> 0 or added.bytes <> 0)
     and (added.tasks <= 0 and added.bytes <= 0
       or usage.tasks + added.tasks <= task_limit and usage.bytes + added.bytes <= byte_limit
         and task_quota = ${taskQuota} and byte_quota = ${byteQuota})
  returning 1`;

/** Adds to counts of a user whatever the quotas are: columns, and the query that has a row of them. */
export function addToUsage<Name extends string>(
  { ownerId, slot }: Placeholders<'slot' | Name>,
  columns: readonly string[],
  query: RawBuilder<unknown>,
): RawBuilder<unknown> {
  const names = sql.join(columns.map((column) => sql.ref(column)));
  const sums = columns.map(
    (column) =>
      sql`${sql.ref(column)} = ${sql.ref(`kept.${column}`)} + ${sql.ref(`excluded.${column}`)}`,
  );
  return sql`
    insert into usage as kept (owner_id, slot, ${names})
    select ${ownerId}, ${slot}::smallint, ${names} from (${query}) as added
    on conflict (owner_id, slot) do update set ${sql.join(sums)}
    returning 1`;
}
