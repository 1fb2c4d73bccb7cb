import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { Client } from 'pg';
import { to as copyTo } from 'pg-copy-streams';
import { VERSION } from '../common/index.js';
import { BackupError, type BackupHeader, type TableRows, writeBackup } from './backup-file.js';
import { clusterPath, joinEmbeddedPostgres } from '../embedded-postgres/index.js';
import { appliedMigrations, withMigrationLock } from '../database/index.js';
import { listTables } from './tables.js';

export interface BackupOptions {
  readonly dataDir: string;
  /** Replaced if it exists. */
  readonly file: string;
}

/**
 * Returns the server of DATA_DIR: the running one, or one started for the duration of the backup.
 */
async function openServer(dataDir: string): Promise<{ url: string; stop: () => Promise<void> }> {
  if (!existsSync(clusterPath(dataDir))) {
    throw new BackupError(
      `there is no embedded database in ${resolve(dataDir)}: set DATA_DIR to the directory that Taskward uses`,
    );
  }
  return joinEmbeddedPostgres(dataDir);
}

async function createHeader(client: Client): Promise<BackupHeader> {
  const migrations = await appliedMigrations(client);
  if (migrations === undefined) {
    throw new BackupError('the database is empty: there is nothing to back up');
  }
  const { rows } = await client.query<{ version: string }>(
    "select current_setting('server_version') as version",
  );
  return {
    createdAt: new Date().toISOString(),
    taskward: VERSION,
    postgres: rows[0]?.version ?? '',
    migrations,
  };
}

async function writeAll(client: Client, file: string): Promise<void> {
  // One snapshot for all tables.
  await client.query('begin isolation level repeatable read read only');
  await client.query("set local datestyle = 'ISO'; set local timezone = 'UTC'");
  const header = await createHeader(client);
  const tables = await listTables(client);
  const rowsOf = function* (): Generator<TableRows> {
    for (const { table, columns } of tables) {
      const rows = client.query(copyTo(`copy ${table} (${columns.join(', ')}) to stdout`));
      yield { table, columns, rows };
    }
  };
  const names = tables.map(({ table }) => table);
  await writeBackup(file, header, names, rowsOf());
}

/**
 * Writes a snapshot of the embedded database to a file, whether or not Taskward is running.
 *
 * @throws BackupError, EmbeddedPostgresError; no file has been created then.
 */
export async function backUp({ dataDir, file }: BackupOptions): Promise<void> {
  const server = await openServer(dataDir);
  const client = new Client({
    connectionString: server.url,
    connectionTimeoutMillis: 10_000,
    ssl: false,
  });
  // A lost connection also rejects the query.
  client.on('error', () => undefined);
  try {
    await client.connect();
    // Waits for a running migration, and delays later ones.
    const config = { connectionString: server.url, ssl: false };
    await withMigrationLock(config, () => writeAll(client, file), { mode: 'shared' });
  } finally {
    await client.end();
    await server.stop();
  }
}
