import { randomBytes } from 'node:crypto';
import type { Client } from 'pg';
import type { DatabaseLimits } from '../config/index.js';
import { ROLES } from './connection.js';
import {
  type FoundRole,
  missingSettings,
  type OwnLogin,
  roleOf,
  ROLES_COMMAND,
} from './login-role.js';
import { MigrationError, privileged, withMigrationLock } from './migrate.js';
import { scramVerifier } from './scram.js';
import { configOf, withClient } from './with-client.js';

/** Allows our own role to log in with the password of the URL, unless it can log in already. */
async function ensureLogin(client: Client, { url, role }: OwnLogin, found: FoundRole) {
  if (found.canLogIn || found.name !== role) return;
  const { password } = new URL(url);
  const login = `alter role ${role} login password`;
  const verifier = scramVerifier(decodeURIComponent(password));
  await privileged(client, `${login} '${verifier}'`, `${ROLES_COMMAND} -- --print`);
}

/**
 * Attaches the settings to the role: poolers reject them as connection options, and a setting made by
 * one client would stay on the server connection that the next client gets.
 */
async function attachSettings(
  client: Client,
  login: OwnLogin,
  name: string,
  limits: DatabaseLimits,
): Promise<void> {
  for (const statement of await missingSettings(client, login, name, limits))
    await privileged(client, statement, statement);
}

/** The reason why a login must not serve requests, or undefined. */
const FAULT = `
  select case
    when session_user <> current_user
      then format('it logs in as "%s", running as "%s"', session_user, current_user)
    when not pg_has_role(current_user, $1, 'usage')
      then format('"%s" has none of the rights of %s', current_user, $1::text)
    when current_database() <> $4 then format('it leads to the database "%s"', current_database())
    when exists (select from pg_roles where (rolsuper or rolbypassrls)
      and pg_has_role(session_user, oid, 'member'))
      then format('row-level security may not apply to "%s", or to a role that it can become', session_user)
    when exists (select from pg_roles where rolname = any ($2)
      and pg_has_role(session_user, oid, 'member'))
      then format('"%s" can become a role of other connections', session_user)
    when exists (select from pg_class where relname = 'task'
      and relnamespace = 'public'::regnamespace and pg_has_role(session_user, relowner, 'member'))
      then format('"%s" owns the tables, or can become the role that does', session_user)
    when current_setting('search_path') <> $3 or current_setting('TimeZone') <> 'UTC'
      then 'its connections are older than the settings of their role: have the pooler connect anew (RECONNECT)'
  end as fault`;

/** @throws MigrationError if the connections of this login have more rights than their role. */
export async function verifyLogin(
  { url, role, searchPath }: OwnLogin,
  database: string,
  limits: DatabaseLimits,
): Promise<void> {
  const others = ROLES.filter((other) => other !== role);
  const { rows } = await withClient(configOf(url, limits), (client) =>
    client.query<{ fault: string | null }>(FAULT, [role, others, searchPath, database]),
  );
  const fault = rows[0]?.fault;
  if (fault) throw new MigrationError(fault);
}

/**
 * Prepares the login of a restricted role, and verifies that it has no other rights.
 *
 * @param databaseUrl direct connection, not through a pooler, of the role that migrates
 * @throws MigrationError with the remedy
 */
export async function prepareLogin(
  databaseUrl: string,
  login: OwnLogin,
  limits: DatabaseLimits,
): Promise<void> {
  const config = configOf(databaseUrl, limits);
  const prepare = async (client: Client) => {
    const found = await roleOf(client, login, limits);
    await ensureLogin(client, login, found);
    await attachSettings(client, login, found.name, limits);
    const { rows } = await client.query<{ name: string }>('select current_database() as name');
    return rows[0]?.name ?? '';
  };
  // Instances that start at the same time would update the same row of the role.
  const database = await withMigrationLock(config, () => withClient(config, prepare));
  await verifyLogin(login, database, limits);
}

/**
 * Gives a role of the embedded server a new password, which is not stored: the password of the previous
 * start becomes invalid.
 *
 * @returns the URL that logs in as that role.
 */
export async function renewLogin(
  databaseUrl: string,
  role: string,
  limits: DatabaseLimits,
): Promise<string> {
  const password = randomBytes(32).toString('base64url');
  await withClient(configOf(databaseUrl, limits), (client) =>
    client.query(`alter role ${role} login password '${scramVerifier(password)}'`),
  );
  const url = new URL(databaseUrl);
  Object.assign(url, { username: role, password });
  return url.href;
}

/** A weakness, and the steps that remove it. */
interface Advice {
  readonly text: string;
  readonly remedy: string;
}

/** Advises to give requests connections of their own, which log in as restricted roles. */
export async function adviceFor(
  databaseUrl: string,
  missing: Readonly<Record<string, string>>,
  limits: DatabaseLimits,
): Promise<Advice> {
  const { rows } = await withClient(configOf(databaseUrl, limits), (client) =>
    client.query<{ user: string }>('select session_user as user'),
  );
  return {
    text:
      `DATABASE_URL: connections of requests log in as "${rows[0]?.user ?? ''}", and what runs SQL on one ` +
      `could become that role again.`,
    remedy:
      `Set ${Object.keys(missing).join(' and ')} to URLs of ${Object.values(missing).join(' and ')} ` +
      `with new passwords, and run: ${ROLES_COMMAND}`,
  };
}
