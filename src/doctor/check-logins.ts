import type { Client } from 'pg';
import type { Env } from '../config/index.js';
import {
  loginsOf,
  MigrationError,
  missingSettings,
  type NamedLogin,
  roleOf,
  ROLES_COMMAND,
  verifyLogin,
} from '../database/index.js';
import { addressOf, refusedConnection, withLimitedClient } from './connect.js';
import { error, type Finding } from './finding.js';

/** Describes a login that may not serve requests; its message may contain the command. */
function fault({ variable, role }: NamedLogin, { message }: MigrationError): Finding {
  const [text = '', command] = message.split(/\. Run: /);
  const remedy =
    command === undefined ? `Set ${variable} to a login of ${role}.` : `Run: ${command}`;
  return error('roles', `${variable}: ${text}.`, remedy);
}

async function checkLogin(client: Client, env: Env, login: NamedLogin): Promise<Finding[]> {
  const { database } = addressOf(login.url);
  const limits = env.databaseLimits;
  const { name, canLogIn } = await roleOf(client, login, limits);
  if (!canLogIn) {
    // The next start lets it.
    if (name === login.role) return [];
    return [error('roles', `${login.variable}: "${name}" cannot log in.`, `Run: ${ROLES_COMMAND}`)];
  }
  try {
    const missing = await missingSettings(client, login, name, limits);
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
