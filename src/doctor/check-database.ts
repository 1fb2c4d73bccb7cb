import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Client } from 'pg';
import type { Env } from '../config/index.js';
import { appliedMigrations, sharedUrls } from '../database/index.js';
import { clusterPath, joinEmbeddedPostgres } from '../embedded-postgres/index.js';
import { checkClock } from './check-clock.js';
import { checkSigningKey } from './check-keys.js';
import { checkMigrations } from './check-migrations.js';
import { checkNotifications } from './check-notifications.js';
import { checkLogins } from './check-logins.js';
import { checkRoles } from './check-roles.js';
import { checkVersion } from './check-version.js';
import { addressOf, readOnly, refusedConnection, withLimitedClient } from './connect.js';
import { attempt, error, type Finding, ok, reasonOf, skipped, type Subject } from './finding.js';

/** The server that is checked. */
interface Target {
  readonly url: string;
  /** Completes "PostgreSQL 18, …". */
  readonly place: string;
  /** Command that backs it up. */
  readonly backup: string;
  readonly stop: () => Promise<void>;
}

const lastSubject = (env: Env): Subject =>
  env.AUTH_MODE === 'embedded' ? 'keys' : 'notifications';

async function checkConnected(client: Client, env: Env, target: Target): Promise<Finding[]> {
  const { url, place, backup } = target;
  const version = await attempt('database', () => checkVersion(client, place));
  if (version.some(({ level }) => level === 'error'))
    return [
      ...version,
      ...skipped('roles', lastSubject(env), 'Needs a database that can be used.'),
    ];
  let applied: string[] | undefined;
  const migrations = await attempt('migrations', () =>
    readOnly(client, async () => {
      applied = await appliedMigrations(client);
      return checkMigrations(client, applied, backup);
    }),
  );
  const roles = await attempt('roles', () =>
    readOnly(client, async () => {
      const logins = applied === undefined ? [] : await checkLogins(client, env);
      const findings = [...(await checkRoles(client, env, url)), ...logins];
      return logins.length === 0 ? findings : findings.filter(({ level }) => level !== 'ok');
    }),
  );
  const isSound = ![...roles, ...migrations].some(({ level }) => level === 'error');
  return [
    ...version,
    ...roles,
    ...migrations,
    ...(await attempt('clock', () => checkClock(client))),
    ...(await attempt('notifications', () => checkNotifications(client, url, env.databaseLimits))),
    ...(env.AUTH_MODE !== 'embedded' ? [] : await signingKey(env, target, applied, isSound)),
  ];
}

async function signingKey(
  env: Env,
  { url }: Target,
  applied: readonly string[] | undefined,
  isSound: boolean,
): Promise<Finding[]> {
  if (applied?.includes('Migration0002Auth') !== true)
    return [ok('keys', 'The first start creates the signing key.')];
  if (!isSound) return skipped('keys', 'keys', 'Needs roles and a schema that can be used.');
  const identityUrl = env.DATABASE_IDENTITY_URL ?? sharedUrls(url, env.databaseLimits).identity;
  return attempt('keys', () => checkSigningKey(env, identityUrl));
}

async function openTarget(env: Env): Promise<Target> {
  const { DATABASE_URL: url, DATA_DIR: dataDir } = env;
  if (url !== undefined) {
    const backup = 'pg_dump --format=custom --file=taskward.dump "$DATABASE_URL"';
    const place = `database ${addressOf(url).database} at ${addressOf(url).server}`;
    return { url, place, backup, stop: () => Promise.resolve() };
  }
  const server = await joinEmbeddedPostgres(dataDir);
  const place = `embedded in ${resolve(dataDir)}`;
  const backup = 'npm run db:backup -- taskward.sql';
  return { url: server.url, place, backup, stop: () => server.stop() };
}

/** Checks the database, and the signing key in it. */
export async function checkDatabase(env: Env): Promise<Finding[]> {
  const { DATABASE_URL: url, DATA_DIR: dataDir } = env;
  const rest = (text: string) => skipped('roles', lastSubject(env), text);
  if (url === undefined && !existsSync(clusterPath(dataDir))) {
    const text = `There is no database in ${resolve(dataDir)} yet: the first start creates it.`;
    return [ok('database', text), ...rest('Needs a database.')];
  }
  let target: Target | undefined;
  try {
    const opened = (target = await openTarget(env));
    return await withLimitedClient(opened.url, env.databaseLimits, (client) =>
      checkConnected(client, env, opened),
    );
  } catch (reason) {
    const finding =
      url === undefined
        ? error(
            'database',
            `${reasonOf(reason)}.`,
            'Stop the Taskward that uses DATA_DIR, or set another DATA_DIR.',
          )
        : refusedConnection('database', 'DATABASE_URL', url, reason);
    return [finding, ...rest('Needs a connection to the database.')];
  } finally {
    await target?.stop();
  }
}
