import { Logger } from '@nestjs/common';
import { Pool } from 'pg';
import type { DatabaseLimits } from '../config/env.js';
import { IDENTITY_ROLE, limitQueries, urlFor } from '../database/index.js';
import { watchPool } from './outage-watch.js';

/** Connections as `taskward_identity`, in schema `auth`. */
export function openPool(databaseUrl: string, limits: DatabaseLimits): Pool {
  const logger = new Logger('Identity');
  const pool = new Pool({
    connectionString: urlFor(databaseUrl, IDENTITY_ROLE, 'auth', limits),
    connectionTimeoutMillis: limits.connectTimeout,
    max: limits.poolSize,
  });
  // A connection that the server ends must not end the process, whether it is idle or in use.
  const warn = (error: Error) => {
    logger.warn(error.message);
  };
  pool.on('error', warn).on('connect', (client) => client.on('error', warn));
  limitQueries(pool, limits);
  return watchPool(pool);
}
