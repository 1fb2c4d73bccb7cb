import { MikroORM } from '@mikro-orm/postgresql';
import { Migrator } from '@mikro-orm/migrations';
import { Client, DatabaseError } from 'pg';
import { VERSION } from '../common/index.js';
import {
  API_ROLE,
  CONNECT_TIMEOUT,
  IDENTITY_ROLE,
  migrationUrlFor,
  SYSTEM_ROLE,
  urlFor,
} from './connection.js';
import { migrations } from './migrations/index.js';
import { incompatibleMigrations } from './newer-schema.js';

/** Any number that no other program locks. */
export const MIGRATION_LOCK = '8385561482373132900';

/** The database cannot be brought to the state this version needs. */
export class MigrationError extends Error {
  override readonly name = 'MigrationError';
}

/** A MikroORM that knows the migrations and no entity. The caller closes it. */
export async function openMigrator(
  databaseUrl: string,
  connectTimeout = CONNECT_TIMEOUT,
): Promise<MikroORM> {
  return MikroORM.init({
    clientUrl: databaseUrl,
    driverOptions: {
      connectionString: migrationUrlFor(databaseUrl),
      connectionTimeoutMillis: connectTimeout,
    },
    pool: { min: 0, max: 1 },
    entities: [],
    extensions: [Migrator],
    discovery: { warnWhenNoEntities: false },
    migrations: {
      migrationsList: migrations,
      tableName: 'migration',
      snapshot: false,
      silent: true,
      // A transaction for each, as one that rewrites rows has several.
      allOrNothing: false,
    },
  });
}

async function mayBecome(client: Client, role: string): Promise<boolean> {
  try {
    await client.query(`set role ${role}; reset role`);
    return true;
  } catch (error) {
    // 42501 insufficient_privilege, 22023 no such role
    if (error instanceof DatabaseError && ['42501', '22023'].includes(error.code ?? ''))
      return false;
    throw error;
  }
}

/** Does something that this role may not have the right to; `remedy` is for one that has. */
export async function privileged(client: Client, statement: string, remedy: string): Promise<void> {
  try {
    await client.query(statement);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new MigrationError(`${why}. A superuser can help with: ${remedy}`, { cause: error });
  }
}

/**
 * Creates one of the lesser roles, unless somebody who may has done it. Roles belong to the
 * whole server, so another database's Taskward may be doing the same at this moment.
 */
async function ensureRole(client: Client, role: string): Promise<void> {
  if (await mayBecome(client, role)) return;
  const { rows } = await client.query<{ user: string; exists: boolean }>(
    'select quote_ident(current_user) as user, exists (select from pg_roles where rolname = $1)',
    [role],
  );
  const user = rows[0]?.user ?? 'current_user';
  const grant = `grant ${role} to ${user}`;
  if (rows[0]?.exists !== true) {
    const create = `create role ${role} nologin noinherit`;
    const unlessMade = `exception when duplicate_object or unique_violation then null`;
    const statement = `do $$ begin ${create}; ${unlessMade}; end $$`;
    await privileged(client, statement, `${create}; ${grant}`);
    if (await mayBecome(client, role)) return;
  }
  try {
    await privileged(client, grant, grant);
  } catch (error) {
    if (!(await mayBecome(client, role))) throw error;
  }
}

/** Row-level security means nothing to a role that is above it: then there must be no start. */
async function verifyRole(
  databaseUrl: string,
  role: string,
  connectTimeout: number,
): Promise<void> {
  const client = new Client({
    connectionString: urlFor(databaseUrl, role),
    connectionTimeoutMillis: connectTimeout,
  });
  await client.connect();
  try {
    const { rows } = await client.query<{ name: string; above: boolean }>(
      'select rolname as name, rolsuper or rolbypassrls as above from pg_roles where rolname = current_user',
    );
    if (rows[0]?.name !== role || rows[0].above) {
      throw new MigrationError(
        `connections run as "${rows[0]?.name ?? 'nobody'}", to whom row-level security may not apply, instead of "${role}". A connection pooler that drops the "options" start-up parameter does this.`,
      );
    }
  } finally {
    await client.end();
  }
}

/** Other encodings cannot hold every text, nor fold the letters of a search. */
async function demandUnicode(client: Client): Promise<void> {
  const { rows } = await client.query<{ encoding: string }>(
    'select getdatabaseencoding() as encoding',
  );
  const encoding = rows[0]?.encoding ?? 'unknown';
  if (encoding !== 'UTF8') throw new MigrationError(`its encoding must be UTF8, not ${encoding}`);
}

/** A newer version may have given a column, a function or a row another meaning. */
async function demandKnownSchema(client: Client): Promise<void> {
  const newer = await incompatibleMigrations(client);
  if (newer.length === 0) return;
  throw new MigrationError(
    `its schema is newer than Taskward ${VERSION}, which does not know ${newer.join(', ')}: start the version that made it, or a later one`,
  );
}

/**
 * Temporary tables are of no use here, and could stand in for ours. At each start, as a database that
 * is made from another one does not take over its rights.
 */
async function revokeTemporary(client: Client): Promise<void> {
  const { rows } = await client.query<{ revoke: string }>(
    `select format('revoke temporary on database %I from public', current_database()) as revoke
      where has_database_privilege($1, current_database(), 'temporary')`,
    [API_ROLE],
  );
  if (rows[0] !== undefined) await client.query(rows[0].revoke);
}

async function migrateUnderLock(
  databaseUrl: string,
  connectTimeout: number,
  to: string | undefined,
): Promise<void> {
  const client = new Client({
    connectionString: databaseUrl,
    connectionTimeoutMillis: connectTimeout,
  });
  // While MikroORM migrates this connection waits: nobody is there to hear that it was lost.
  client.on('error', () => undefined);
  await client.connect();
  try {
    await demandUnicode(client);
    await client.query(`select pg_advisory_lock(${MIGRATION_LOCK})`);
    await demandKnownSchema(client);
    await ensureRole(client, API_ROLE);
    await ensureRole(client, IDENTITY_ROLE);
    await ensureRole(client, SYSTEM_ROLE);
    await revokeTemporary(client);
    const orm = await openMigrator(databaseUrl, connectTimeout);
    try {
      await orm.migrator.up(to === undefined ? {} : { to });
    } finally {
      await orm.close();
    }
  } finally {
    // Ends the session, and with it the lock.
    await client.end();
  }
}

/** A part of a URL as it was meant. */
function readable(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

export interface MigrateOptions {
  /** The last migration to run; without it, all run. */
  readonly to?: string;
  /** Milliseconds. */
  readonly connectTimeout?: number;
}

/**
 * Brings the database up to date. Of several instances that start at once one migrates, the others
 * wait for it.
 *
 * @throws MigrationError with what PostgreSQL said; the URL's password is never part of it.
 */
export async function migrate(
  databaseUrl: string,
  { to, connectTimeout = CONNECT_TIMEOUT }: MigrateOptions = {},
): Promise<void> {
  try {
    await migrateUnderLock(databaseUrl, connectTimeout, to);
    await verifyRole(databaseUrl, API_ROLE, connectTimeout);
    await verifyRole(databaseUrl, IDENTITY_ROLE, connectTimeout);
  } catch (error) {
    const { username, host, pathname } = new URL(databaseUrl);
    const [user, database] = [readable(username), readable(pathname.slice(1))];
    const why = error instanceof Error ? error.message : String(error);
    throw new MigrationError(
      `The database ${database} at ${host || 'localhost'} cannot be used as "${user}": ${why}`,
      { cause: error },
    );
  }
}
