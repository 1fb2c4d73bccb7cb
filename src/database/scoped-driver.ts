import { type Configuration, PostgreSqlDriver, type SqlEntityManager } from '@mikro-orm/postgresql';
import type { Pool } from 'pg';
import type { DatabaseLimits } from '../config/index.js';
import { releaseLost } from './lost-connections.js';
import { limitQueries } from './query-deadline.js';
import { scopePool } from './row-level-security.js';
import { ScopedQueryRunner } from './scoped-query-runner.js';
import { UserConnections } from './user-connections.js';

/**
 * The one place where MikroORM's driver is wrapped. In the order in which a query meets them:
 *
 * 1. `ScopedQueryRunner`, for statements: conflicts are retried, an outage becomes a problem.
 * 2. `UserConnections`: one user's requests take a few of the connections, and queue for more.
 * 3. `scopePool`: the owner of a transaction is sent with its `begin`.
 * 4. `limitQueries`: a connection that does not respond by the deadline is ended.
 * 5. `releaseLost`: a connection that was lost leaves the pool.
 */
abstract class ScopedDriver extends PostgreSqlDriver {
  abstract readonly queries: ScopedQueryRunner;
}

/** Returns MikroORM's options for a driver whose queries have an owner. */
export function scopedDriver(limits: DatabaseLimits) {
  const connections = new UserConnections(limits);
  const queries = new ScopedQueryRunner(connections, limits);
  class Driver extends ScopedDriver {
    override readonly queries = queries;

    // MikroORM passes the configuration alone, and asks for a constructor that takes no more.
    constructor(config: Configuration) {
      super(config);
    }
  }
  const onPoolCreated = (pool: Pool): void => {
    releaseLost(pool);
    limitQueries(pool, limits);
    scopePool(pool);
    connections.use(pool);
  };
  return { driver: Driver, onPoolCreated };
}

/** Returns the runner of the queries that have an owner. */
export function scopedQueriesOf(em: SqlEntityManager): ScopedQueryRunner {
  const driver = em.getDriver();
  if (driver instanceof ScopedDriver) return driver.queries;
  throw new TypeError('The EntityManager was not made with scopedDriver().');
}
