import type { Client } from 'pg';
import type { Env } from '../config/index.js';
import {
  API_ROLE,
  canLogIn,
  IDENTITY_ROLE,
  MigrationError,
  missingSettings,
  type OwnLogin,
  verifyLogin,
} from '../database/index.js';
import { addressOf, refusedConnection, withLimitedClient } from './connect.js';
import { error, type Finding } from './finding.js';

interface NamedLogin extends OwnLogin {
  /** Variable that contains the URL. */
  readonly variable: string;
}

function loginsOf(env: Env): NamedLogin[] {
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

/** Describes a login that may not serve requests; its message may contain the command. */
function fault({ variable, role }: NamedLogin, { message }: MigrationError): Finding {
  const [text = '', command] = message.split(/\. Run: /);
  const remedy =
    command === undefined ? `Set ${variable} to a login of ${role}.` : `Run: ${command}`;
  return error('roles', `${variable}: ${text}.`, remedy);
}

async function checkLogin(client: Client, env: Env, login: NamedLogin): Promise<Finding[]> {
  const { user, database } = addressOf(login.url);
  const limits = env.databaseLimits;
  if (!(await canLogIn(client, login))) {
    // The next start lets it.
    if (user === login.role) return [];
    const text = `${login.variable}: "${user}" cannot log in.`;
    return [error('roles', text, `Run as a superuser: alter role "${user}" login password '…'`)];
  }
  try {
    const missing = await missingSettings(client, login, limits);
    // The next start attaches them: until then, rights are not judged.
    if (missing.length > 0) await withLimitedClient(login.url, limits, () => Promise.resolve());
    else await verifyLogin(login, addressOf(env.DATABASE_URL ?? '').database || database, limits);
    return [];
  } catch (reason) {
    if (reason instanceof MigrationError) throw reason;
    return [refusedConnection('roles', login.variable, login.url, reason)];
  }
}

/** Checks the logins of the restricted roles, which `DATABASE_API_URL` and its sibling name. */
export async function checkLogins(client: Client, env: Env): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const login of loginsOf(env)) {
    try {
      findings.push(...(await checkLogin(client, env, login)));
    } catch (reason) {
      if (!(reason instanceof MigrationError)) throw reason;
      findings.push(fault(login, reason));
    }
  }
  return findings;
}
