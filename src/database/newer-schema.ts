import type { Client } from 'pg';
import { migrations } from './migrations/index.js';

/** Ends the name of a migration after which the versions before it go on serving. */
const COMPATIBLE = 'Compatible';

/**
 * Returns the migrations that a newer version has run here, and after which this one would not serve
 * as it promises: their names say so, as nothing else of them is known.
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
