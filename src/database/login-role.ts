import { type Client, escapeIdentifier, escapeLiteral } from 'pg';
import type { DatabaseLimits, Env } from '../config/index.js';
import { API_ROLE, IDENTITY_ROLE, settingsOf } from './connection.js';
import { isDistributed } from './distribution.js';
import { MigrationError } from './migrate.js';
import { configOf, withClient } from './with-client.js';

/** Makes the roles of the URLs and their logins. */
export const ROLES_COMMAND = 'npm run db:roles';

/** A restricted role's own login, which may go through a pooler. */
export interface OwnLogin {
  readonly url: string;
  readonly role: string;
  readonly searchPath: string;
}

export interface NamedLogin extends OwnLogin {
  /** Variable that contains the URL. */
  readonly variable: string;
}

/** Returns the logins that the settings name. */
export function loginsOf(env: Env): NamedLogin[] {
  const { DATABASE_API_URL: api, DATABASE_IDENTITY_URL: identity } = env;
  const apiLogin = { variable: 'DATABASE_API_URL', role: API_ROLE, searchPath: 'public' };
  const ownLogin = { variable: 'DATABASE_IDENTITY_URL', role: IDENTITY_ROLE, searchPath: 'auth' };
  return [
    ...(api === undefined ? [] : [{ ...apiLogin, url: api }]),
    ...(identity === undefined || env.AUTH_MODE !== 'embedded'
      ? []
      : [{ ...ownLogin, url: identity }]),
  ];
}

/**
 * Returns the name of the role that a URL logs in as. Hosted poolers find the database by a suffix of the
 * name (`taskward_api.project`, `taskward_api@server`), which the role lacks.
 */
export function nameOf({ url, role }: OwnLogin): string {
  const { username } = new URL(url);
  if (username === '') throw new MigrationError('it must name the role that logs in');
  const name = decodeURIComponent(username);
  return name.startsWith(`${role}.`) || name.startsWith(`${role}@`) ? role : name;
}

export interface FoundRole {
  readonly name: string;
  readonly canLogIn: boolean;
}

const findRole = async (client: Client, name: string): Promise<FoundRole | undefined> => {
  const { rows } = await client.query<FoundRole>(
    'select rolname as name, rolcanlogin as "canLogIn" from pg_roles where rolname = $1',
    [name],
  );
  return rows[0];
};

/** Returns the role that a login runs as, if it can connect. */
const roleBehind = (url: string, limits: DatabaseLimits): Promise<string | undefined> =>
  withClient(configOf(url, limits), (client) =>
    client.query<{ name: string }>('select current_user::text as name'),
  ).then(
    ({ rows }) => rows[0]?.name,
    () => undefined,
  );

/**
 * Finds the role of a login, by the name in its URL or, as a pooler may know it under another one, by
 * connecting.
 *
 * @throws MigrationError if it does not exist, or lacks the rights of its restricted role.
 */
export async function roleOf(
  client: Client,
  login: OwnLogin,
  limits: DatabaseLimits,
): Promise<FoundRole> {
  const named = nameOf(login);
  const found =
    (await findRole(client, named)) ??
    (await findRole(client, (await roleBehind(login.url, limits)) ?? ''));
  if (found === undefined)
    throw new MigrationError(`there is no role "${named}". Run: ${ROLES_COMMAND}`);
  const { rows } = await client.query<{ serves: boolean }>(
    `select pg_has_role($1, $2, 'usage') as serves`,
    [found.name, login.role],
  );
  if (rows[0]?.serves !== true) {
    const grant = `grant ${login.role} to ${escapeIdentifier(found.name)}`;
    throw new MigrationError(
      `"${found.name}" has none of the rights of ${login.role}. Run: ${grant}`,
    );
  }
  return found;
}

/** Returns the statements that attach the settings which the role of a login lacks. */
export async function missingSettings(
  client: Client,
  { role, searchPath }: OwnLogin,
  name: string,
  limits: DatabaseLimits,
): Promise<string[]> {
  const { rows } = await client.query<{ database: string; settings: string[] }>(
    `select current_database() as database, coalesce((
       select setconfig from pg_db_role_setting join pg_roles on pg_roles.oid = setrole
        join pg_database on pg_database.oid = setdatabase
        where rolname = $1 and datname = current_database()), '{}') as settings`,
    [name],
  );
  const { database = '', settings = [] } = rows[0] ?? {};
  const target = `alter role ${escapeIdentifier(name)} in database ${escapeIdentifier(database)}`;
  const mode = { isDistributed: await isDistributed(client) };
  return Object.entries(settingsOf(role, searchPath, limits, mode))
    .filter(([setting, value]) => !settings.includes(`${setting}=${value}`))
    .map(([setting, value]) => `${target} set ${setting} = ${escapeLiteral(value)}`);
}
