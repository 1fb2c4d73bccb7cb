import { type Client, escapeIdentifier, escapeLiteral } from 'pg';
import { type Env, EnvironmentError } from '../config/index.js';
import { ROLES, settingsOf } from './connection.js';
import { MigrationError, withMigrationLock } from './migrate.js';
import { loginsOf, type NamedLogin, nameOf, type OwnLogin } from './login-role.js';
import { scramVerifier } from './scram.js';
import { configOf, inTransaction, sendAll, withClient } from './with-client.js';

/** Refuses to change the password of a role that requests must not have anyway. */
const assertLesser = (name: string) => `do $$ begin
  if exists (select from pg_roles where rolname = ${escapeLiteral(name)}
    and (rolsuper or rolcreaterole or rolbypassrls))
  then raise exception 'it has too many rights for requests: %', ${escapeLiteral(name)}; end if;
end $$`;

const createRole = (name: string, attributes: string) => `do $$ begin
  if not exists (select from pg_roles where rolname = ${escapeLiteral(name)})
  then create role ${escapeIdentifier(name)} ${attributes}; end if;
end $$`;

function passwordOf({ url, variable }: NamedLogin): string {
  const { password } = new URL(url);
  if (password === '') throw new EnvironmentError([`${variable} must contain a password`]);
  return decodeURIComponent(password);
}

/** Returns statements that make a login of a restricted role, with the password of its URL. */
function loginStatements(login: NamedLogin, database: string, settings: Settings): string[] {
  const name = nameOf(login);
  const user = escapeIdentifier(name);
  const isOther = name !== login.role;
  return [
    ...(isOther
      ? [assertLesser(name), createRole(name, 'nologin'), `grant ${login.role} to ${user}`]
      : []),
    `alter role ${user} login password ${escapeLiteral(scramVerifier(passwordOf(login)))}`,
    ...Object.entries(settings(login)).map(
      ([setting, value]) =>
        `alter role ${user} in database ${escapeIdentifier(database)} set ${setting} = ${escapeLiteral(value)}`,
    ),
  ];
}

type Settings = (login: OwnLogin) => Readonly<Record<string, string>>;

/** The roles of a database, and the SQL that makes them; repeating it changes nothing but passwords. */
interface LoginRoles {
  readonly databaseUrl: string;
  readonly logins: readonly NamedLogin[];
  readonly statements: readonly string[];
}

/** @throws EnvironmentError */
export function loginRolesOf(env: Env): LoginRoles {
  const { DATABASE_URL: databaseUrl, databaseLimits } = env;
  if (databaseUrl === undefined)
    throw new EnvironmentError([
      'DATABASE_URL must be set: the embedded PostgreSQL makes its roles itself',
    ]);
  const { username, pathname } = new URL(databaseUrl);
  const [owner, database] = [decodeURIComponent(username), decodeURIComponent(pathname.slice(1))];
  const logins = loginsOf(env);
  for (const login of logins) {
    if (nameOf(login) === owner)
      throw new EnvironmentError([
        `${login.variable} must name another role than DATABASE_URL: ${login.role}`,
      ]);
  }
  const settings: Settings = ({ role, searchPath }) => settingsOf(role, searchPath, databaseLimits);
  return {
    databaseUrl,
    logins,
    statements: [
      ...ROLES.map((role) => createRole(role, 'nologin noinherit')),
      `grant ${ROLES.join(', ')} to ${escapeIdentifier(owner)}`,
      ...logins.flatMap((login) => loginStatements(login, database, settings)),
    ],
  };
}

/**
 * Makes the roles and their logins, all or none.
 *
 * @throws MigrationError if the role of DATABASE_URL is not allowed to
 */
export async function createLoginRoles(
  { databaseUrl, statements }: LoginRoles,
  connectTimeoutMs: number,
): Promise<void> {
  const config = configOf(databaseUrl, { connectTimeoutMs });
  const create = (client: Client) => inTransaction(client, () => sendAll(client, statements));
  // Instances that start at the same time would update the same row of a role.
  await withMigrationLock(config, () => withClient(config, create)).catch((error: unknown) => {
    const reason = error instanceof Error ? error.message : String(error);
    const administrator = 'an administrator can run what --print prints';
    throw new MigrationError(`DATABASE_URL: ${reason}. Nothing has changed; ${administrator}`, {
      cause: error,
    });
  });
}
