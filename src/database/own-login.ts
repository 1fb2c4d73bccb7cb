import { randomBytes } from 'node:crypto';
import { type Client, escapeIdentifier, escapeLiteral } from 'pg';
import type { DatabaseLimits } from '../config/index.js';
import { API_ROLE, IDENTITY_ROLE, settingsOf, SYSTEM_ROLE } from './connection.js';
import { lockMigrations, MigrationError, privileged } from './migrate.js';
import { withClient } from './with-client.js';

/** A restricted role's own login, which may go through a pooler. */
export interface OwnLogin {
  readonly url: string;
  readonly role: string;
  readonly searchPath: string;
}

const configOf = (url: string, { connectTimeoutMs }: DatabaseLimits) => ({
  connectionString: url,
  connectionTimeoutMillis: connectTimeoutMs,
});

function userOf(url: string): { user: string; password: string } {
  const { username, password } = new URL(url);
  if (username === '') throw new MigrationError('it must name the role that logs in');
  return { user: decodeURIComponent(username), password: decodeURIComponent(password) };
}

/**
 * Returns whether the role of a URL can log in.
 *
 * @throws MigrationError if it does not exist, or lacks the rights of its restricted role.
 */
export async function canLogIn(client: Client, { url, role }: OwnLogin): Promise<boolean> {
  const { user } = userOf(url);
  const { rows } = await client.query<{ login: boolean; serves: boolean }>(
    `select rolcanlogin as login, pg_has_role(oid, $2, 'usage') as serves
       from pg_roles where rolname = $1`,
    [user, role],
  );
  const [found] = rows;
  if (found === undefined) throw new MigrationError(`there is no role "${user}"`);
  if (!found.serves) {
    const grant = `grant ${role} to ${escapeIdentifier(user)}`;
    throw new MigrationError(`"${user}" has none of the rights of ${role}. Run: ${grant}`);
  }
  return found.login;
}

/** Allows our own role to log in with this password, unless it can log in already. */
async function ensureLogin(client: Client, ownLogin: OwnLogin): Promise<void> {
  const { user, password } = userOf(ownLogin.url);
  if ((await canLogIn(client, ownLogin)) || user !== ownLogin.role) return;
  const login = `alter role ${user} login password`;
  await privileged(client, `${login} ${escapeLiteral(password)}`, `${login} '…'`);
}

/** Returns the statements that attach the settings which the role of a URL lacks. */
export async function missingSettings(
  client: Client,
  { url, role, searchPath }: OwnLogin,
  limits: DatabaseLimits,
): Promise<string[]> {
  const { user } = userOf(url);
  const { rows } = await client.query<{ database: string; settings: string[] }>(
    `select current_database() as database, coalesce((
       select setconfig from pg_db_role_setting join pg_roles on pg_roles.oid = setrole
        join pg_database on pg_database.oid = setdatabase
        where rolname = $1 and datname = current_database()), '{}') as settings`,
    [user],
  );
  const { database = '', settings = [] } = rows[0] ?? {};
  const target = `alter role ${escapeIdentifier(user)} in database ${escapeIdentifier(database)}`;
  return Object.entries(settingsOf(role, searchPath, limits))
    .filter(([name, value]) => !settings.includes(`${name}=${value}`))
    .map(([name, value]) => `${target} set ${name} = ${escapeLiteral(value)}`);
}

/**
 * Attaches the settings to the role: poolers reject them as connection options, and a setting made by
 * one client would stay on the server connection that the next client gets.
 */
async function attachSettings(
  client: Client,
  login: OwnLogin,
  limits: DatabaseLimits,
): Promise<void> {
  for (const statement of await missingSettings(client, login, limits))
    await privileged(client, statement, statement);
}

/** The reason why a login must not serve requests, or undefined. */
const FAULT = `
  select case
    when session_user <> $1 or current_user <> $1
      then format('it logs in as "%s", running as "%s"', session_user, current_user)
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
  const { user } = userOf(url);
  const others = [API_ROLE, IDENTITY_ROLE, SYSTEM_ROLE].filter((other) => other !== role);
  const { rows } = await withClient(configOf(url, limits), (client) =>
    client.query<{ fault: string | null }>(FAULT, [user, others, searchPath, database]),
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
  const database = await withClient(configOf(databaseUrl, limits), async (client) => {
    // Instances that start at the same time would update the same row of the role.
    await lockMigrations(client);
    await ensureLogin(client, login);
    await attachSettings(client, login, limits);
    const { rows } = await client.query<{ name: string }>('select current_database() as name');
    return rows[0]?.name ?? '';
  });
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
    client.query(`alter role ${role} login password '${password}'`),
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
  const logins = Object.values(missing).map((role) => `alter role ${role} login password '…'`);
  return {
    text:
      `DATABASE_URL: connections of requests log in as "${rows[0]?.user ?? ''}", and what runs SQL on one ` +
      `could become that role again.`,
    remedy:
      `Run: ${logins.join('; ')}. ` +
      `Then set ${Object.keys(missing).join(' and ')} to URLs of these roles`,
  };
}
