import { Logger } from '@nestjs/common';
import { Pool, type QueryResult } from 'pg';
import type { DatabaseLimits } from '../config/index.js';
import { limitQueries, measureWaits, shareDeadline, traceQueries } from '../database/index.js';
import { watchPool } from './outage-watch.js';

/**
 * Runs a query with a promise: `pool.query()` itself passes a callback, which bypasses the deadline
 * and the outage watch. Each query gets a deadline of its own, so that PostgreSQL gives up first: a
 * statement abandoned only by us would still be executed.
 */
async function query(pool: Pool, text: string, values?: unknown[]): Promise<QueryResult> {
  const client = await pool.connect();
  try {
    return await shareDeadline(() => client.query(text, values));
  } finally {
    client.release();
  }
}

/** @param url connection string as `taskward_identity`, in the schema `auth`. */
export function openPool(url: string, limits: DatabaseLimits): Pool {
  const logger = new Logger('Identity');
  const pool = new Pool({
    connectionString: url,
    connectionTimeoutMillis: limits.connectTimeoutMs,
    max: limits.maxConnections,
  });
  // A connection closed by the server, idle or not, must not crash the process.
  const warn = (error: Error) => {
    logger.warn(error.message);
  };
  pool.on('error', warn).on('connect', (client) => client.on('error', warn));
  limitQueries(pool, limits);
  watchPool(pool);
  traceQueries(pool);
  measureWaits('identity', pool);
  return Object.assign(pool, {
    query: (text: string, values?: unknown[]) => query(pool, text, values),
  });
}
