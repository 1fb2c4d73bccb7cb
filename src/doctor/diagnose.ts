import { EnvironmentError, type Env, readDevelopmentSecret, readEnv } from '../config/index.js';
import { checkDatabase } from './check-database.js';
import { checkRemoteKeys } from './check-keys.js';
import { checkMail } from './check-mail.js';
import { checkProxy } from './check-proxy.js';
import { checkRedis } from './check-redis.js';
import { attempt, error, type Finding, ok, skipped, warning } from './finding.js';

const CORRECT = 'Correct it in the environment or in .env, which .env.example describes.';

interface Configuration {
  readonly env?: Env;
  readonly findings: Finding[];
}

/** Reads the configuration as a start does, but does not generate a secret. */
async function checkConfiguration(): Promise<Configuration> {
  try {
    const { env, warnings } = readEnv();
    const findings = warnings.map((text) => warning('configuration', text, CORRECT));
    if (env.NODE_ENV !== 'production' && !env.isLocal) {
      const text = `NODE_ENV is development, and others can reach ${env.origin}.`;
      findings.push(warning('configuration', text, 'Set NODE_ENV=production.'));
    }
    if (findings.length === 0) findings.push(ok('configuration', `Valid, for ${env.origin}.`));
    if (env.AUTH_MODE !== 'embedded' || env.BETTER_AUTH_SECRET !== undefined)
      return { env, findings };
    const secret = await readDevelopmentSecret(env.DATA_DIR);
    return { env: env.with(secret === undefined ? {} : { BETTER_AUTH_SECRET: secret }), findings };
  } catch (reason) {
    if (!(reason instanceof EnvironmentError)) throw reason;
    const findings = reason.problems.map((text) => error('configuration', `${text}.`, CORRECT));
    return { findings };
  }
}

/** Checks all that a start with this configuration needs. */
export async function examine(env: Env): Promise<Finding[]> {
  return [
    ...(await checkDatabase(env)),
    ...(env.AUTH_MODE === 'embedded' ? [] : await attempt('keys', () => checkRemoteKeys(env))),
    ...(await attempt('mail', () => checkMail(env))),
    ...(await attempt('redis', () => checkRedis(env))),
    checkProxy(env),
  ];
}

/** Checks the configuration and all that a start needs. Changes nothing. */
export async function diagnose(): Promise<readonly Finding[]> {
  const { env, findings } = await checkConfiguration();
  if (env !== undefined) return [...findings, ...(await examine(env))];
  return [...findings, ...skipped('database', 'proxy', 'Needs a valid configuration.')];
}
