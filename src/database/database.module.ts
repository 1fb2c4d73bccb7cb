import { MikroOrmModule } from '@mikro-orm/nestjs';
import { PostgreSqlDriver } from '@mikro-orm/postgresql';
import { type DynamicModule, Logger, Module } from '@nestjs/common';
import type { Pool } from 'pg';
import type { DatabaseLimits } from '../config/index.js';
import { DatabaseClock } from './database-clock.js';
import { DatabaseProbe } from './database-probe.js';
import { releaseLost } from './lost-connections.js';
import { OwnedStatements } from './scoped-query-runner.js';
import { limitQueries } from './query-deadline.js';
import { scopePool } from './row-level-security.js';
import { UserConnections } from './user-connections.js';

/** MikroORM, connected as the role to which row-level security applies. */
@Module({})
export class DatabaseModule {
  static register(apiUrl: string, limits: DatabaseLimits): DynamicModule {
    const logger = new Logger('MikroORM');
    const connections = new UserConnections(limits);
    const statements = new OwnedStatements(connections, limits);
    return {
      module: DatabaseModule,
      global: true,
      providers: [DatabaseClock, DatabaseProbe, { provide: OwnedStatements, useValue: statements }],
      exports: [DatabaseClock, DatabaseProbe, OwnedStatements],
      imports: [
        MikroOrmModule.forRoot({
          driver: PostgreSqlDriver,
          clientUrl: apiUrl,
          driverOptions: {
            connectionString: apiUrl,
            connectionTimeoutMillis: limits.connectTimeout,
            onPoolCreated: (pool: Pool) => {
              releaseLost(pool);
              limitQueries(pool, limits);
              scopePool(pool);
              connections.use(pool);
            },
          },
          pool: { min: 1, max: limits.poolSize },
          autoLoadEntities: true,
          // There is no unit of work per request: what is read is sent as it is, and one statement
          // writes. So nothing of one user's request can be found in another's identity map.
          registerRequestContext: false,
          allowGlobalContext: true,
          disableIdentityMap: true,
          logger: (message) => {
            logger.log(message);
          },
        }),
      ],
    };
  }
}
