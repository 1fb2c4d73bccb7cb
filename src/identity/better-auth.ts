import { Logger } from '@nestjs/common';
import { betterAuth, type BetterAuthRateLimitStorage } from 'better-auth';
import { jwt } from 'better-auth/plugins';
import type { Pool } from 'pg';
import type { Env } from '../config/env.js';

/** Where Better Auth answers. */
export const BASE_PATH = '/api/auth';
/** Set by us alone, over whatever the client sent: the address that limits count by. */
export const CLIENT_ADDRESS_HEADER = 'x-taskward-client-address';

/** Origins whose pages may call with cookies. In development the machine's two names are one. */
function trustedOrigins(env: Env): string[] {
  const port = String(env.PORT);
  const loopback = [`http://localhost:${port}`, `http://127.0.0.1:${port}`];
  return [env.origin, ...env.TRUSTED_ORIGINS, ...(env.NODE_ENV === 'production' ? [] : loopback)];
}

/**
 * The embedded issuer. Its tokens say who (`sub`) and which session (`sid`), and nothing else.
 *
 * @param limits what counts sign-ins and the like; without it they are not limited.
 */
export function createBetterAuth(env: Env, pool: Pool, limits?: BetterAuthRateLimitStorage) {
  const logger = new Logger('BetterAuth');
  return betterAuth({
    appName: 'Taskward',
    baseURL: env.origin,
    basePath: BASE_PATH,
    secret: env.BETTER_AUTH_SECRET,
    database: pool,
    trustedOrigins: trustedOrigins(env),
    emailAndPassword: { enabled: true },
    rateLimit: { enabled: limits !== undefined, ...(limits && { customStorage: limits }) },
    advanced: {
      ipAddress: { ipAddressHeaders: [CLIENT_ADDRESS_HEADER] },
      // Left open, both are off when the process has NODE_ENV=test or TEST=true.
      disableOriginCheck: false,
      disableCSRFCheck: false,
    },
    // What is no answer of its own reaches our filter: 503 for an outage, 500 for the rest.
    onAPIError: { throw: true },
    logger: {
      level: 'warn',
      log: (level, message) => logger[level === 'error' ? 'error' : 'warn'](message),
    },
    telemetry: { enabled: false },
    plugins: [
      jwt({
        jwks: { keyPairConfig: { alg: 'EdDSA', crv: 'Ed25519' } },
        jwt: {
          issuer: env.issuer,
          audience: env.audience,
          expirationTime: env.AUTH_TOKEN_TTL,
          getSubject: ({ user }) => user.id,
          definePayload: ({ session }) => ({ sid: session.id }),
        },
      }),
    ],
  });
}

export type BetterAuth = ReturnType<typeof createBetterAuth>;
