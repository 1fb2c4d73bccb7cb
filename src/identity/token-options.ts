import type { JwtOptions } from 'better-auth/plugins/jwt';
import type { Env } from '../config/index.js';
import { nameOfSession } from './session-name.js';
import { KEY_PAIR, type SigningKeys } from './signing-keys.js';

/** Returns Better Auth's options for the content and signature of tokens. */
export function tokenOptions(env: Env, keys: SigningKeys) {
  return {
    jwks: { keyPairConfig: KEY_PAIR, gracePeriod: keys.gracePeriod },
    adapter: { getJwks: () => keys.list(), createJwk: (key) => keys.add(key) },
    jwt: {
      issuer: env.issuer,
      audience: env.audience,
      expirationTime: env.AUTH_TOKEN_TTL,
      getSubject: ({ user }) => user.id,
      definePayload: ({ session }) => {
        const iat = Math.floor(Date.now() / 1_000);
        const end = Math.floor(session.expiresAt.getTime() / 1_000);
        // A token never outlives its session.
        const name = nameOfSession(session.userAgent);
        return {
          sid: session.id,
          ...(name && { session_name: name }),
          iat,
          exp: Math.min(iat + env.tokenTtlSeconds, end),
        };
      },
    },
  } satisfies JwtOptions;
}
