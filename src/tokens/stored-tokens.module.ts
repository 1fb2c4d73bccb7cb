import { MikroOrmModule } from '@mikro-orm/nestjs';
import { type DynamicModule, Module } from '@nestjs/common';
import type { DatabaseLimits } from '../config/index.js';
import { PersonalTokens } from '../issuer/index.js';
import { PersonalToken } from './personal-token.entity.js';
import { PersonalTokensRepository } from './personal-tokens.repository.js';
import { StoredTokens } from './stored-tokens.js';
import { TokenLookupRepository } from './token-lookup.repository.js';

/** Looks personal tokens up for authentication. */
// Not in `register`: entities are collected once, when modules are loaded.
@Module({ imports: [MikroOrmModule.forFeature([PersonalToken])] })
export class StoredTokensModule {
  /** @param sessionUrl connection string that bypasses poolers, as `taskward_api`. */
  static register(sessionUrl: string, limits: DatabaseLimits): DynamicModule {
    return {
      module: StoredTokensModule,
      providers: [
        TokenLookupRepository,
        {
          provide: PersonalTokens,
          inject: [TokenLookupRepository, PersonalTokensRepository],
          useFactory: (lookup: TokenLookupRepository, tokens: PersonalTokensRepository) =>
            new StoredTokens(lookup, tokens, sessionUrl, limits),
        },
      ],
      exports: [PersonalTokens],
    };
  }
}
