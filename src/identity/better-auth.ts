import { Logger } from '@nestjs/common';
import { betterAuth } from 'better-auth';
import { jwt } from 'better-auth/plugins/jwt';
import type { Env } from '../config/index.js';
import { accountDeletion, passwordToDelete } from './account-deletion.js';
import { CLIENT_ADDRESS_HEADER, databaseHooks } from './auth-events.js';
import type { IssuerDependencies } from './issuer-dependencies.js';
import { mailOptions } from './mail-options.js';
import { tracer } from '../tracing/index.js';
import { changePasswordHooks } from './password-hooks.js';
import { passwordRules } from './password-rules.js';
import { endReplacedSession } from './replaced-session.js';
import { cookiePrefix, isSecure } from './cookie-names.js';
import { SigningKeys } from './signing-keys.js';
import { tokenOptions } from './token-options.js';
import { trustedOrigins } from './trusted-origins.js';

/** Path that Better Auth is mounted at. */
export const BASE_PATH = '/api/auth';

const cookieOptions = ({ origin }: Env) => ({
  cookiePrefix: cookiePrefix(origin),
  // Better Auth would prepend `__Secure-`.
  useSecureCookies: false,
  defaultCookieAttributes: { secure: isSecure(origin) },
});

/** Higher than the number of sessions one account can have. */
const MAX_LISTED_SESSIONS = 10_000;

const advancedOptions = (env: Env) => ({
  ...cookieOptions(env),
  ipAddress: { ipAddressHeaders: [CLIENT_ADDRESS_HEADER] },
  // By default both are off when NODE_ENV=test or TEST=true.
  disableOriginCheck: false,
  disableCSRFCheck: false,
  // The default is 100; sessions beyond it would survive `/revoke-other-sessions`.
  database: { defaultFindManyLimit: MAX_LISTED_SESSIONS },
});

/**
 * Creates the embedded issuer. Its tokens contain the user (`sub`) and the session (`sid`), and
 * nothing else about either.
 */
export function createBetterAuth(env: Env, dependencies: IssuerDependencies) {
  const { pool, limits, mailer, erasure } = dependencies;
  const logger = new Logger('BetterAuth');
  return betterAuth({
    appName: 'Taskward',
    baseURL: env.origin,
    basePath: BASE_PATH,
    secret: env.BETTER_AUTH_SECRET,
    database: pool,
    trustedOrigins: trustedOrigins(env),
    ...mailOptions(env, dependencies),
    hooks: changePasswordHooks(pool, mailer),
    databaseHooks: databaseHooks(pool),
    user: { deleteUser: accountDeletion(pool, erasure) },
    rateLimit: {
      enabled: limits !== undefined,
      // Takes a password too; Better Auth limits sign-in and similar routes by default, but not
      // this one.
      customRules: { '/delete-user': { window: 10, max: 3 } },
      ...(limits && { customStorage: limits }),
    },
    advanced: advancedOptions(env),
    // Unexpected errors reach the problem filter: 503 for an outage, 500 otherwise.
    onAPIError: { throw: true },
    logger: {
      level: 'warn',
      // Failures reach the problem filter. These messages are about callers' mistakes, and quote
      // input.
      log: (_, message) => {
        logger.debug(message.split(':', 1)[0]);
      },
    },
    telemetry: { enabled: false },
    // Otherwise it would load OpenTelemetry.
    experimental: { instrumentation: { enabled: tracer !== undefined } },
    plugins: [
      jwt(tokenOptions(env, new SigningKeys(pool, env))),
      passwordToDelete,
      passwordRules,
      endReplacedSession,
    ],
  });
}

export type BetterAuth = ReturnType<typeof createBetterAuth>;
