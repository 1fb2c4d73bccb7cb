import type { Client } from 'pg';
import { migrations } from './migrations/index.js';

/** Suffix of a migration's name that marks it as compatible with earlier versions. */
const COMPATIBLE = 'Compatible';

/** Returns the names of the migrations that have run, in their order; undefined if none ever did. */
export async function appliedMigrations(client: Client): Promise<string[] | undefined> {
  const { rows: found } = await client.query<{ exists: boolean }>(
    "select to_regclass('public.migration') is not null as exists",
  );
  if (found[0]?.exists !== true) return undefined;
  const { rows } = await client.query<{ name: string }>(
    'select name from public.migration order by id',
  );
  return rows.map(({ name }) => name);
}

/** Returns the names of the migrations of this version that have not run. */
export const pendingMigrations = (applied: readonly string[] = []): string[] =>
  migrations.map(({ name }) => name).filter((name) => !applied.includes(name));

/**
 * Returns the migrations of a newer version that this version is not compatible with. Only their names
 * are known, so the name carries that information.
 */
export async function incompatibleMigrations(client: Client): Promise<string[]> {
  const known = new Set(migrations.map(({ name }) => name));
  return ((await appliedMigrations(client)) ?? []).filter(
    (name) => !known.has(name) && !name.endsWith(COMPATIBLE),
  );
}
