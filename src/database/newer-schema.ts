import type { Client } from 'pg';
import { migrations } from './migrations/index.js';

/** Suffix of a migration's name that marks it as compatible with earlier versions. */
const COMPATIBLE = 'Compatible';

/**
 * Returns the migrations of a newer version that this version is not compatible with. Only their names
 * are known, so the name carries that information.
 */
export async function incompatibleMigrations(client: Client): Promise<string[]> {
  const { rows: found } = await client.query<{ exists: boolean }>(
    "select to_regclass('public.migration') is not null as exists",
  );
  if (found[0]?.exists !== true) return [];
  const { rows } = await client.query<{ name: string }>(
    'select name from public.migration order by id',
  );
  const known = new Set(migrations.map(({ name }) => name));
  return rows
    .map(({ name }) => name)
    .filter((name) => !known.has(name) && !name.endsWith(COMPATIBLE));
}
