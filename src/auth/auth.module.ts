import { type DynamicModule, Module, type ModuleMetadata } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { PassportModule } from '@nestjs/passport';
import { KeySource } from '../common/key-source.js';
import type { Env } from '../config/env.js';
import { Authenticator } from './authenticator.js';
import { CachedKeySet } from './cached-key-set.js';
import { JwtAuthGuard } from './jwt-auth.guard.js';
import { JwtStrategy } from './jwt.strategy.js';
import { RemoteKeys } from './remote-keys.js';
import { TokenVerifier } from './token-verifier.js';

/** Who is calling: verifies bearer tokens, whoever issued them, and closes every route. */
@Module({})
export class AuthModule {
  /** @param issuer the module that exports a `KeySource`; needed in mode `embedded` alone. */
  static register(env: Env, issuer?: DynamicModule): DynamicModule {
    const remote = env.AUTH_JWKS_URL === undefined ? undefined : new RemoteKeys(env.AUTH_JWKS_URL);
    const imports: ModuleMetadata['imports'] = [PassportModule];
    return {
      module: AuthModule,
      imports: issuer === undefined ? imports : [...imports, issuer],
      providers: [
        {
          provide: TokenVerifier,
          inject: [{ token: KeySource, optional: true }],
          useFactory: (embedded?: KeySource) => {
            const source = remote ?? embedded;
            return new TokenVerifier(env, source && new CachedKeySet(source));
          },
        },
        Authenticator,
        JwtStrategy,
        { provide: APP_GUARD, useClass: JwtAuthGuard },
      ],
      exports: [TokenVerifier, Authenticator],
    };
  }
}
