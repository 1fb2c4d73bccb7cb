import { MikroORM } from '@mikro-orm/postgresql';
import { Migrator } from '@mikro-orm/migrations';
import { Client, type ClientConfig, DatabaseError } from 'pg';
import { VERSION } from '../common/index.js';
import { type LockOptions, withAdvisoryLock } from './advisory-lock.js';
import {
  API_ROLE,
  CONNECT_TIMEOUT_MS,
  IDENTITY_ROLE,
  migrationUrlFor,
  ROLES,
  urlFor,
} from './connection.js';
import { migrations } from './migrations/index.js';
import { incompatibleMigrations } from './applied-migrations.js';
import { configOf, withClient } from './with-client.js';

const MIGRATION_LOCK = { id: '8385561482373132900', name: 'lock of migrations' };

/** Runs `work` while no other program migrates the database. */
export function withMigrationLock<T>(
  config: ClientConfig,
  work: () => Promise<T>,
  options?: LockOptions,
): Promise<T> {
  return withAdvisoryLock(config, MIGRATION_LOCK, work, options);
}

/** Thrown when the database cannot be migrated to the schema that this version needs. */
export class MigrationError extends Error {
  override readonly name = 'MigrationError';
}

/** Opens a MikroORM with the migrations and without entities. The caller closes it. */
export async function openMigrator(
  databaseUrl: string,
  connectTimeoutMs = CONNECT_TIMEOUT_MS,
): Promise<MikroORM> {
  return MikroORM.init({
    clientUrl: databaseUrl,
    driverOptions: {
      connectionString: migrationUrlFor(databaseUrl),
      connectionTimeoutMillis: connectTimeoutMs,
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
      // One transaction per migration: those that rewrite rows use several.
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

/** Runs a statement that the role may lack the right for; `remedy` is for a role that has it. */
export async function privileged(client: Client, statement: string, remedy: string): Promise<void> {
  try {
    await client.query(statement);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new MigrationError(`${why}. A superuser can help with: ${remedy}`, { cause: error });
  }
}

/**
 * Creates a restricted role unless it exists. Roles belong to the whole server, so another Taskward on
 * another database may be creating it at the same moment.
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

/** @throws MigrationError if the role bypasses row-level security. */
export async function verifyRole(
  databaseUrl: string,
  role: string,
  connectTimeoutMs: number,
): Promise<void> {
  await withClient(configOf(urlFor(databaseUrl, role), { connectTimeoutMs }), async (client) => {
    const { rows } = await client.query<{ name: string; above: boolean }>(
      'select rolname as name, rolsuper or rolbypassrls as above from pg_roles where rolname = current_user',
    );
    if (rows[0]?.name !== role || rows[0].above) {
      throw new MigrationError(
        `connections run as "${rows[0]?.name ?? 'nobody'}", to whom row-level security may not apply, instead of "${role}". A connection pooler that drops the "options" start-up parameter does this.`,
      );
    }
  });
}

/** Rejects other encodings, which cannot store every string or fold the letters of a search. */
async function assertUnicode(client: Client): Promise<void> {
  const { rows } = await client.query<{ encoding: string }>(
    'select getdatabaseencoding() as encoding',
  );
  const encoding = rows[0]?.encoding ?? 'unknown';
  if (encoding !== 'UTF8') throw new MigrationError(`its encoding must be UTF8, not ${encoding}`);
}

/** Rejects the schema of a newer version, in which a column, function or row may have another meaning. */
async function assertKnownSchema(client: Client): Promise<void> {
  const newer = await incompatibleMigrations(client);
  if (newer.length === 0) return;
  throw new MigrationError(
    `its schema is newer than Taskward ${VERSION}, which does not know ${newer.join(', ')}: start the version that made it, or a later one`,
  );
}

/**
 * Revokes the right to create temporary tables, which could shadow ours. Runs at each start, because a
 * database created from a template does not inherit its rights.
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
  { to, connectTimeoutMs, warn }: MigrateOptions & { connectTimeoutMs: number },
): Promise<void> {
  const config = configOf(databaseUrl, { connectTimeoutMs });
  const prepare = async (client: Client) => {
    await assertUnicode(client);
    await assertKnownSchema(client);
    for (const role of ROLES) await ensureRole(client, role);
    await revokeTemporary(client);
  };
  const work = async () => {
    await withClient(config, prepare);
    const orm = await openMigrator(databaseUrl, connectTimeoutMs);
    try {
      await orm.migrator.up(to === undefined ? {} : { to });
    } finally {
      await orm.close();
    }
  };
  await withMigrationLock(config, work, { warn });
}

/** Decodes a part of a URL, or returns it as it is. */
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
  readonly connectTimeoutMs?: number;
  /** Receives a line when another program has been migrating for some seconds. */
  readonly warn?: ((line: string) => void) | undefined;
}

/**
 * Migrates the database. If several instances start at once, one migrates and the others wait for it.
 *
 * @throws MigrationError with PostgreSQL's message, never with the URL's password
 */
export async function migrate(
  databaseUrl: string,
  { connectTimeoutMs = CONNECT_TIMEOUT_MS, ...options }: MigrateOptions = {},
): Promise<void> {
  try {
    await migrateUnderLock(databaseUrl, { ...options, connectTimeoutMs });
    await verifyRole(databaseUrl, API_ROLE, connectTimeoutMs);
    await verifyRole(databaseUrl, IDENTITY_ROLE, connectTimeoutMs);
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
