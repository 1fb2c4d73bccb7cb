import { pipeline } from 'node:stream/promises';
import type { Client } from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { BackupError, type BackupHeader, readTables, verifyBackup } from './backup-file.js';
import { messageOf, startEmbeddedPostgres } from '../embedded-postgres/index.js';
import { migrate, migrations, withClient } from '../database/index.js';
import { listTables } from './tables.js';

/**
 * Names of the database that the backup is loaded into before it replaces the current one, and of
 * the replaced one.
 */
const INCOMING_DATABASE = 'taskward_incoming';
const OUTGOING_DATABASE = 'taskward_outgoing';

/** Tables that are filled at the first startup. */
const FILLED_AT_STARTUP = ['public.cursor_key', 'auth.jwks', 'auth.purge_clock'];

export interface RestoreOptions {
  readonly dataDir: string;
  readonly file: string;
  /** Whether existing data may be discarded. */
  readonly replace: boolean;
}

const configOf = (url: string) => ({
  connectionString: url,
  connectionTimeoutMillis: 10_000,
  ssl: false,
});

function databaseUrl(serverUrl: string, database: string): string {
  const url = new URL(serverUrl);
  url.pathname = `/${database}`;
  return url.href;
}

/** @returns the last migration of the backup. */
function assertKnownMigrations(header: BackupHeader, file: string): string {
  const unknown = header.migrations.find((name, n) => migrations[n]?.name !== name);
  const last = header.migrations.at(-1);
  if (unknown === undefined && last !== undefined) return last;
  throw new BackupError(
    `${file} was created by Taskward ${header.taskward}, whose migration ${unknown ?? ''} this one ` +
      `does not have: restore it with that version or a later one`,
  );
}

async function hasData(client: Client): Promise<boolean> {
  const tables = (await listTables(client)).filter(
    ({ table }) => !FILLED_AT_STARTUP.includes(table),
  );
  for (const { table } of tables) {
    const { rowCount } = await client.query(`select from ${table} limit 1`);
    if (rowCount !== 0) return true;
  }
  return false;
}

/** Fills all tables or none, replacing rows that a migration inserted. */
async function load(client: Client, file: string): Promise<void> {
  const tables = await listTables(client);
  const missing = new Map(tables.map(({ table, columns }) => [table, columns.join(', ')]));
  // Skips triggers and foreign keys: every row was checked when it was first written.
  await client.query('begin; set local session_replication_role = replica');
  await client.query(`truncate ${[...missing.keys()].join(', ')}`);
  for await (const { table, columns, rows } of readTables(file)) {
    const names = columns.join(', ');
    if (missing.get(table) !== names) {
      throw new BackupError(`there is no table ${table} (${names})`);
    }
    missing.delete(table);
    await pipeline(rows, client.query(copyFrom(`copy ${table} (${names}) from stdin`)));
  }
  if (missing.size > 0) {
    throw new BackupError(`it lacks the tables ${[...missing.keys()].join(', ')}`);
  }
  await client.query('commit');
}

async function drop(maintenance: Client, ...databases: string[]): Promise<void> {
  for (const name of databases) {
    await maintenance.query(`drop database if exists ${name} with (force)`);
  }
}

/** Loads the backup into a second database, migrates it, and swaps the two. */
async function replaceDatabase(
  file: string,
  lastMigration: string,
  serverUrl: string,
  maintenance: Client,
): Promise<void> {
  const incoming = databaseUrl(serverUrl, INCOMING_DATABASE);
  const current = new URL(serverUrl).pathname.slice(1);
  // Left over from a restore that was killed.
  await drop(maintenance, INCOMING_DATABASE, OUTGOING_DATABASE);
  try {
    await maintenance.query(`create database ${INCOMING_DATABASE}`);
    await migrate(incoming, { to: lastMigration });
    await withClient(configOf(incoming), (client) => load(client, file));
    await migrate(incoming);
    await withClient(configOf(incoming), (client) => client.query('select renumber_changes()'));
    await withClient(configOf(incoming), (client) => client.query('analyze'));
    await maintenance.query(
      `begin; alter database ${current} rename to ${OUTGOING_DATABASE};
       alter database ${INCOMING_DATABASE} rename to ${current}; commit`,
    );
  } catch (error) {
    await maintenance.query('rollback').catch(() => undefined);
    await drop(maintenance, INCOMING_DATABASE).catch(() => undefined);
    throw new BackupError(`${file} was not restored: ${messageOf(error)}`, { cause: error });
  }
  await drop(maintenance, OUTGOING_DATABASE);
}

/**
 * Replaces the content of the embedded database with a backup, and migrates it. If the process is
 * killed, the database is either replaced or unchanged.
 *
 * @throws BackupError, EmbeddedPostgresError, DataDirInUseError; nothing has changed then.
 */
export async function restore({ dataDir, file, replace }: RestoreOptions): Promise<BackupHeader> {
  const header = await verifyBackup(file);
  const lastMigration = assertKnownMigrations(header, file);
  const server = await startEmbeddedPostgres({ dataDir });
  try {
    if (!replace && (await withClient(configOf(server.url), hasData))) {
      throw new BackupError(
        `the database in ${dataDir} is not empty. To replace it with ${file}, back it up and add --replace`,
      );
    }
    await withClient(configOf(databaseUrl(server.url, 'postgres')), (maintenance) =>
      replaceDatabase(file, lastMigration, server.url, maintenance),
    );
    return header;
  } finally {
    await server.stop();
  }
}
