import type { Client } from 'pg';

/**
 * Returns whether the rows of users are on several servers, according to the catalogue of
 * [Citus](https://docs.citusdata.com/en/stable/develop/api_metadata.html).
 */
export async function isDistributed(client: Client): Promise<boolean> {
  const { rows } = await client.query<{ hasCitus: boolean }>(
    `select to_regclass('pg_dist_partition') is not null as "hasCitus"`,
  );
  if (rows[0]?.hasCitus !== true) return false;
  const found = await client.query(
    `select from pg_dist_partition where logicalrelid = to_regclass('public.task')`,
  );
  return found.rowCount === 1;
}
