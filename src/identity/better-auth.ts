import { Logger } from '@nestjs/common';
import { betterAuth } from 'better-auth';
import { jwt } from 'better-auth/plugins/jwt';
import type { Env } from '../config/index.js';
import { accountDeletion, passwordToDelete } from './account-deletion.js';
import { CLIENT_ADDRESS_HEADER, databaseHooks } from './auth-events.js';
import type { IssuerParts } from './issuer-parts.js';
import { mailOptions } from './mail-options.js';
import { changePasswordHooks } from './passwords.js';
import { passwordRules } from './password-rules.js';
import { endReplacedSession } from './replaced-session.js';
import { cookiePrefix, isSecure } from './cookie-names.js';
import { SigningKeys } from './signing-keys.js';
import { tokenOptions } from './token-options.js';
import { trustedOrigins } from './trusted-origins.js';

/** Where Better Auth answers. */
export const BASE_PATH = '/api/auth';

const cookieOptions = ({ origin }: Env) => ({
  cookiePrefix: cookiePrefix(origin),
  // Better Auth would put `__Secure-` in front.
  useSecureCookies: false,
  defaultCookieAttributes: { secure: isSecure(origin) },
});

/** More than anybody signs in within the lifetime of a session. */
const MAX_SESSIONS = 10_000;

const advancedOptions = (env: Env) => ({
  ...cookieOptions(env),
  ipAddress: { ipAddressHeaders: [CLIENT_ADDRESS_HEADER] },
  // Left open, both are off when the process has NODE_ENV=test or TEST=true.
  disableOriginCheck: false,
  disableCSRFCheck: false,
  // Left open it is 100, and of more sessions those beyond would outlive `/revoke-other-sessions`.
  database: { defaultFindManyLimit: MAX_SESSIONS },
});

/** The embedded issuer. Its tokens say who (`sub`) and which session (`sid`), and nothing else. */
export function createBetterAuth(env: Env, parts: IssuerParts) {
  const { pool, limits, mailer, erasure } = parts;
  const logger = new Logger('BetterAuth');
  return betterAuth({
    appName: 'Taskward',
    baseURL: env.origin,
    basePath: BASE_PATH,
    secret: env.BETTER_AUTH_SECRET,
    database: pool,
    trustedOrigins: trustedOrigins(env),
    ...mailOptions(env, parts),
    hooks: changePasswordHooks(pool, mailer),
    databaseHooks: databaseHooks(pool),
    user: { deleteUser: accountDeletion(pool, erasure) },
    rateLimit: {
      enabled: limits !== undefined,
      // It takes a password too; those of sign-in and the like are limited so by default.
      customRules: { '/delete-user': { window: 10, max: 3 } },
      ...(limits && { customStorage: limits }),
    },
    advanced: advancedOptions(env),
    // What is no answer of its own reaches our filter: 503 for an outage, 500 for the rest.
    onAPIError: { throw: true },
    logger: {
      level: 'warn',
      // Failures reach our filter. These lines are of callers' mistakes, and quote what they sent.
      log: (_, message) => {
        logger.debug(message.split(':', 1)[0]);
      },
    },
    telemetry: { enabled: false },
    plugins: [
      jwt(tokenOptions(env, new SigningKeys(pool, env))),
      passwordToDelete,
      passwordRules,
      endReplacedSession,
    ],
  });
}

export type BetterAuth = ReturnType<typeof createBetterAuth>;
