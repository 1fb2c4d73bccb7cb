import { Client } from 'pg';
import { BackupError, type BackupHeader, readTables, verifyBackup } from './backup-file.js';
import { copyFrom } from './copy.js';
import { messageOf, startEmbeddedPostgres } from '../embedded-postgres/index.js';
import { migrate, migrations } from '../database/index.js';
import { tablesOf } from './tables.js';

/** Where a backup is loaded before it takes the place of what is there, and where that goes. */
const INCOMING = 'taskward_incoming';
const OUTGOING = 'taskward_outgoing';

/** Each first start fills these by itself. */
const MADE_AT_START = ['public.cursor_key', 'auth.jwks', 'auth.purge_clock'];

export interface RestoreOptions {
  readonly dataDir: string;
  readonly file: string;
  /** Whether what the database holds may go. */
  readonly replace: boolean;
}

async function withClient<T>(url: string, work: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 10_000, ssl: false });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

function databaseUrl(serverUrl: string, database: string): string {
  const url = new URL(serverUrl);
  url.pathname = `/${database}`;
  return url.href;
}

/** @returns the last migration of the backup. */
function demandKnown(header: BackupHeader, file: string): string {
  const unknown = header.migrations.find((name, n) => migrations[n]?.name !== name);
  const last = header.migrations.at(-1);
  if (unknown === undefined && last !== undefined) return last;
  throw new BackupError(
    `${file} was made by Taskward ${header.taskward}, whose migration ${unknown ?? ''} this one ` +
      `does not have: restore it with that version or a later one`,
  );
}

async function hasData(client: Client): Promise<boolean> {
  const tables = (await tablesOf(client)).filter(({ table }) => !MADE_AT_START.includes(table));
  for (const { table } of tables) {
    const { rowCount } = await client.query(`select from ${table} limit 1`);
    if (rowCount !== 0) return true;
  }
  return false;
}

/** Fills the tables, all of them or none; what a migration put there goes. */
async function load(client: Client, file: string): Promise<void> {
  const tables = await tablesOf(client);
  const missing = new Map(tables.map(({ table, columns }) => [table, columns.join(', ')]));
  // Neither triggers nor the order of the tables count: every row was checked when it was written.
  await client.query('begin; set local session_replication_role = replica');
  await client.query(`truncate ${[...missing.keys()].join(', ')}`);
  for await (const { table, columns, rows } of readTables(file)) {
    const names = columns.join(', ');
    if (missing.get(table) !== names) {
      throw new BackupError(`its version had no table ${table} (${names})`);
    }
    missing.delete(table);
    await copyFrom(client, `copy ${table} (${names}) from stdin`, rows);
  }
  if (missing.size > 0) {
    throw new BackupError(`it does not have all tables: ${[...missing.keys()].join(', ')}`);
  }
  await client.query('commit');
}

async function drop(maintenance: Client, ...databases: string[]): Promise<void> {
  for (const name of databases) {
    await maintenance.query(`drop database if exists ${name} with (force)`);
  }
}

/** Loads the backup beside the database, brings it up to date, and then puts it in its place. */
async function replaceBy(
  file: string,
  lastMigration: string,
  serverUrl: string,
  maintenance: Client,
): Promise<void> {
  const incoming = databaseUrl(serverUrl, INCOMING);
  const current = new URL(serverUrl).pathname.slice(1);
  // What a restore that was killed has left.
  await drop(maintenance, INCOMING, OUTGOING);
  try {
    await maintenance.query(`create database ${INCOMING}`);
    await migrate(incoming, { to: lastMigration });
    await withClient(incoming, (client) => load(client, file));
    await migrate(incoming);
    await withClient(incoming, (client) => client.query('analyze'));
    await maintenance.query(
      `begin; alter database ${current} rename to ${OUTGOING};
       alter database ${INCOMING} rename to ${current}; commit`,
    );
  } catch (error) {
    await maintenance.query('rollback').catch(() => undefined);
    await drop(maintenance, INCOMING).catch(() => undefined);
    throw new BackupError(`${file} was not restored: ${messageOf(error)}`, { cause: error });
  }
  await drop(maintenance, OUTGOING);
}

/**
 * Makes the embedded database what a backup says, and up to date. Killed at any moment, it is that,
 * or still what it was.
 *
 * @throws BackupError, EmbeddedPostgresError, DataDirInUseError; nothing has changed then.
 */
export async function restore({ dataDir, file, replace }: RestoreOptions): Promise<BackupHeader> {
  const header = await verifyBackup(file);
  const lastMigration = demandKnown(header, file);
  const server = await startEmbeddedPostgres({ dataDir });
  try {
    if (!replace && (await withClient(server.url, hasData))) {
      throw new BackupError(
        `the database in ${dataDir} is not empty. To have ${file} in its place, back it up and add --replace`,
      );
    }
    await withClient(databaseUrl(server.url, 'postgres'), (maintenance) =>
      replaceBy(file, lastMigration, server.url, maintenance),
    );
    return header;
  } finally {
    await server.stop();
  }
}
