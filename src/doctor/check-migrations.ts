import type { Client } from 'pg';
import { VERSION } from '../common/index.js';
import { incompatibleMigrations, migrations, pendingMigrations } from '../database/index.js';
import { error, type Finding, ok, warning } from './finding.js';

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
  const pending = pendingMigrations(applied);
  if (pending.length > 0) {
    const text = `The next start will run ${listed(pending)}.`;
    return warning('migrations', text, `Back up first: ${backup}`);
  }
  return ok('migrations', `All ${String(migrations.length)} migrations have run.`);
}
