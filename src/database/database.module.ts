import { MikroOrmModule } from '@mikro-orm/nestjs';
import { type DynamicModule, Logger, Module } from '@nestjs/common';
import type { DatabaseLimits } from '../config/index.js';
import { DatabaseClock } from './database-clock.js';
import { DatabaseProbe } from './database-probe.js';
import { scopedDriver } from './scoped-driver.js';

/** MikroORM, connected as the role to which row-level security applies. */
@Module({})
export class DatabaseModule {
  static register(apiUrl: string, limits: DatabaseLimits): DynamicModule {
    const logger = new Logger('MikroORM');
    const { driver, onPoolCreated } = scopedDriver(limits);
    return {
      module: DatabaseModule,
      global: true,
      providers: [DatabaseClock, DatabaseProbe],
      exports: [DatabaseClock, DatabaseProbe],
      imports: [
        MikroOrmModule.forRoot({
          driver,
          clientUrl: apiUrl,
          driverOptions: {
            connectionString: apiUrl,
            connectionTimeoutMillis: limits.connectTimeout,
            onPoolCreated,
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
