import { type DynamicModule, Module } from '@nestjs/common';
import { ConfigModule } from '@nestjs/config';
import { ScheduleModule } from '@nestjs/schedule';
import { AuthModule } from './auth/index.js';
import { HttpModule } from './http/index.js';
import { ChangeStreamModule, ChangesModule } from './changes/index.js';
import { type Env, envConfig } from './config/index.js';
import { type Database, DatabaseModule } from './database/index.js';
import { FeedsModule } from './feeds/index.js';
import { HealthModule } from './health/index.js';
import { IdempotencyModule } from './idempotency/index.js';
import { IdentityModule } from './identity/index.js';
import { ListsModule } from './lists/index.js';
import { McpModule } from './mcp/index.js';
import { MetricsModule } from './metrics/index.js';
import { RateLimitModule } from './rate-limit/index.js';
import { TasksModule } from './tasks/index.js';
import { PortabilityModule } from './portability/index.js';
import { StoredTokensModule, TokensModule } from './tokens/index.js';

/** Root module: the list of modules, and the one place that knows which issuer is used. */
@Module({})
export class AppModule {
  static register(env: Env, database: Pick<Database, 'urls' | 'isDistributed'>): DynamicModule {
    const { urls } = database;
    const embedded = env.AUTH_MODE === 'embedded';
    const limits = env.RATE_LIMIT === 'on' ? [RateLimitModule.register(env)] : [];
    const issuer = embedded ? IdentityModule.register(env, urls, limits) : undefined;
    const tokens = StoredTokensModule.register(urls.apiSession, env.databaseLimits);
    const auth = AuthModule.register(env, tokens, issuer);
    return {
      module: AppModule,
      imports: [
        ConfigModule.forRoot({
          isGlobal: true,
          ignoreEnvFile: true,
          validatePredefined: false,
          load: [envConfig(env)],
        }),
        DatabaseModule.register(database, env.databaseLimits),
        ...limits,
        auth,
        // Listed after `auth`, because guards run in this order: a caller without a token learns
        // nothing else.
        HttpModule,
        ScheduleModule.forRoot(),
        IdempotencyModule,
        ListsModule,
        TasksModule,
        TokensModule,
        FeedsModule,
        PortabilityModule,
        ChangesModule,
        ChangeStreamModule.register(auth, urls.apiSession, env.databaseLimits),
        McpModule,
        HealthModule.register(auth),
        MetricsModule,
      ],
    };
  }
}
