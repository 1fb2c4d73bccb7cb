import type { Client } from 'pg';
import { VERSION } from '../common/index.js';
import { incompatibleMigrations, migrations } from '../database/index.js';
import { error, type Finding, ok, warning } from './finding.js';

/** Returns the names of the migrations that have run; undefined if none ever did. */
export async function migrationsOf(client: Client): Promise<string[] | undefined> {
  const { rows: found } = await client.query<{ exists: boolean }>(
    "select to_regclass('public.migration') is not null as exists",
  );
  if (found[0]?.exists !== true) return undefined;
  const { rows } = await client.query<{ name: string }>('select name from public.migration');
  return rows.map(({ name }) => name);
}

const listed = (names: readonly string[]) => names.join(', ');

/** Compares the migrations of the database with those of this version. */
export async function checkMigrations(
  client: Client,
  applied: readonly string[] | undefined,
  backup: string,
): Promise<Finding> {
  if (applied === undefined)
    return ok('migrations', 'The database is empty: the first start migrates it.');
  const newer = await incompatibleMigrations(client);
  if (newer.length > 0) {
    const text = `The schema is newer than Taskward ${VERSION}, which does not know ${listed(newer)}.`;
    return error('migrations', text, 'Start the version that made it, or a later one: git pull');
  }
  const pending = migrations.map(({ name }) => name).filter((name) => !applied.includes(name));
  if (pending.length > 0) {
    const text = `The next start will run ${listed(pending)}.`;
    return warning('migrations', text, `Back up first: ${backup}`);
  }
  return ok('migrations', `All ${String(migrations.length)} migrations have run.`);
}
