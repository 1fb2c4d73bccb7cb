import { type Configuration, PostgreSqlDriver, type SqlEntityManager } from '@mikro-orm/postgresql';
import type { Pool } from 'pg';
import type { DatabaseLimits } from '../config/index.js';
import { CommittedWrites } from './committed-writes.js';
import { releaseLost } from './lost-connections.js';
import { measureWaits } from './measured-pool.js';
import { limitQueries } from './query-deadline.js';
import { scopePool } from './row-level-security.js';
import { ScopedQueryRunner } from './scoped-query-runner.js';
import { traceQueries } from './traced-queries.js';
import { UserConnections } from './user-connections.js';

/**
 * The only wrapper of MikroORM's driver. In the order in which a query passes them:
 *
 * 1. `ScopedQueryRunner`, for statements: conflicts are retried, an outage becomes a problem.
 * 2. `UserConnections`: one user's requests hold a limited number of connections, and wait for more.
 * 3. `traceQueries`: a statement of a transaction has a span, if requests are traced.
 * 4. `scopePool`: the owner of a transaction is sent with its `begin`.
 * 5. `limitQueries`: a connection that does not respond by the deadline is destroyed.
 * 6. `releaseLost`: a lost connection leaves the pool.
 */
abstract class ScopedDriver extends PostgreSqlDriver {
  abstract readonly queries: ScopedQueryRunner;
}

/** Returns MikroORM's options for the driver of scoped queries. */
export function scopedDriver(limits: DatabaseLimits, isDistributed: boolean) {
  const connections = new UserConnections(limits);
  const writes = new CommittedWrites();
  const queries = new ScopedQueryRunner(connections, limits, writes, isDistributed);
  class Driver extends ScopedDriver {
    override readonly queries = queries;

    // MikroORM requires a constructor with this one parameter.
    constructor(config: Configuration) {
      super(config);
    }
  }
  const onPoolCreated = (pool: Pool): void => {
    releaseLost(pool);
    limitQueries(pool, limits);
    scopePool(pool, isDistributed);
    traceQueries(pool);
    measureWaits('api', pool);
    connections.use(pool);
  };
  return { driver: Driver, onPoolCreated, writes };
}

/** Returns the runner of scoped queries. */
export function scopedQueriesOf(em: SqlEntityManager): ScopedQueryRunner {
  const driver = em.getDriver();
  if (driver instanceof ScopedDriver) return driver.queries;
  throw new TypeError('The EntityManager was not made with scopedDriver().');
}
