import { MikroOrmModule } from '@mikro-orm/nestjs';
import { type DynamicModule, Logger, Module } from '@nestjs/common';
import type { DatabaseLimits } from '../config/index.js';
import { CommittedWrites } from './committed-writes.js';
import { DatabaseClock } from './database-clock.js';
import { DatabaseProbe } from './database-probe.js';
import type { Database } from './open-database.js';
import { scopedDriver } from './scoped-driver.js';

/** MikroORM, connected as the role to which row-level security applies. */
@Module({})
export class DatabaseModule {
  static register(
    { urls, isDistributed }: Pick<Database, 'urls' | 'isDistributed'>,
    limits: DatabaseLimits,
  ): DynamicModule {
    const logger = new Logger('MikroORM');
    const { driver, onPoolCreated, writes } = scopedDriver(limits, isDistributed);
    return {
      module: DatabaseModule,
      global: true,
      providers: [DatabaseClock, DatabaseProbe, { provide: CommittedWrites, useValue: writes }],
      exports: [DatabaseClock, DatabaseProbe, CommittedWrites],
      imports: [
        MikroOrmModule.forRoot({
          driver,
          clientUrl: urls.api,
          driverOptions: {
            connectionString: urls.api,
            connectionTimeoutMillis: limits.connectTimeoutMs,
            onPoolCreated,
          },
          pool: { min: 1, max: limits.maxConnections },
          autoLoadEntities: true,
          // There is no unit of work per request: rows are sent as they are read, and writes are single
          // statements. So one user's entities are never in an identity map that another user reads.
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
