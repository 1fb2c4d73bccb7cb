import type { Client } from 'pg';
import { error, type Finding, ok } from './finding.js';

/** Checked by `server_version_num`. */
const MIN_VERSION = 150_000;

/** Checks the version of PostgreSQL, and the encoding of the database. */
export async function checkVersion(client: Client, place: string): Promise<Finding> {
  const { rows } = await client.query<{ version: string; number: number; encoding: string }>(
    `select current_setting('server_version') as version, getdatabaseencoding() as encoding,
       current_setting('server_version_num')::int as number`,
  );
  const { version = 'unknown', number = 0, encoding = 'unknown' } = rows[0] ?? {};
  if (number < MIN_VERSION) {
    const text = `PostgreSQL ${version} is too old: version 15 or later is required.`;
    return error('database', text, 'Upgrade the server: pg_upgrade, or pg_dump and pg_restore.');
  }
  if (encoding !== 'UTF8') {
    const text = `The encoding of the database is ${encoding}, and must be UTF8.`;
    const create = `create database taskward encoding 'UTF8' template template0`;
    return error('database', text, `Set DATABASE_URL to a database made by: ${create}`);
  }
  return ok('database', `PostgreSQL ${version}, ${place}.`);
}
