import { type DynamicModule, Module, type ModuleMetadata } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { PassportModule } from '@nestjs/passport';
import { KeySource, PersonalTokens, RevokedSessions } from '../issuer/index.js';
import type { Env } from '../config/index.js';
import { Authenticator } from './authenticator.js';
import { CachedKeySet } from './cached-key-set.js';
import { JwtAuthGuard } from './jwt-auth.guard.js';
import { JwtStrategy } from './jwt.strategy.js';
import { MeController } from './me.controller.js';
import { ProtectedResourceController } from './protected-resource.controller.js';
import { RemoteKeys } from './remote-keys.js';
import { SharedSecrets } from './shared-secrets.js';
import { TokenVerifier } from './token-verifier.js';
import type { VerificationKeys } from './verification-key.js';

/** Minimum time between lookups of unknown keys in the embedded issuer's database. */
const EMBEDDED_COOLDOWN_MS = 1_000;

function keysOf(env: Env, embedded: KeySource | undefined): VerificationKeys {
  if (env.AUTH_JWKS_URL !== undefined) return new CachedKeySet(new RemoteKeys(env.AUTH_JWKS_URL));
  if (embedded) return new CachedKeySet(embedded, { cooldownMs: EMBEDDED_COOLDOWN_MS });
  const secrets = [env.BETTER_AUTH_SECRET, env.BETTER_AUTH_SECRET_PREVIOUS];
  return new SharedSecrets(secrets.flatMap((secret) => (secret ? [Buffer.from(secret)] : [])));
}

/**
 * Authentication: verifies bearer tokens, whichever issuer signed them, and protects every route.
 */
@Module({})
export class AuthModule {
  /**
   * @param tokens the module that exports the `PersonalTokens`.
   * @param issuer the module that exports a `KeySource` and the `RevokedSessions`; required in
   *   mode `embedded` only.
   */
  static register(env: Env, tokens: DynamicModule, issuer?: DynamicModule): DynamicModule {
    const imports: ModuleMetadata['imports'] = [PassportModule, tokens];
    return {
      module: AuthModule,
      imports: issuer === undefined ? imports : [...imports, issuer],
      controllers: [MeController, ProtectedResourceController],
      providers: [
        {
          provide: TokenVerifier,
          inject: [
            PersonalTokens,
            { token: KeySource, optional: true },
            { token: RevokedSessions, optional: true },
          ],
          useFactory: (
            personalTokens: PersonalTokens,
            embedded?: KeySource,
            revoked?: RevokedSessions,
          ) => new TokenVerifier(env, keysOf(env, embedded), { personalTokens, revoked }),
        },
        Authenticator,
        JwtStrategy,
        { provide: APP_GUARD, useClass: JwtAuthGuard },
      ],
      exports: [TokenVerifier, Authenticator],
    };
  }
}
