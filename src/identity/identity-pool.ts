import { Logger } from '@nestjs/common';
import { Pool, type QueryResult } from 'pg';
import type { DatabaseLimits } from '../config/index.js';
import { limitQueries, shareDeadline } from '../database/index.js';
import { watchPool } from './outage-watch.js';

/**
 * The pool's own `query` hands over a callback, which no deadline holds and no watch hears. The
 * deadline is not shared with what the request did before: PostgreSQL is to be the first to give up,
 * as a statement that only we have left would still be carried out.
 */
async function ask(pool: Pool, text: string, values?: unknown[]): Promise<QueryResult> {
  const client = await pool.connect();
  try {
    return await shareDeadline(() => client.query(text, values));
  } finally {
    client.release();
  }
}

/** @param url of connections as `taskward_identity`, in schema `auth`. */
export function openPool(url: string, limits: DatabaseLimits): Pool {
  const logger = new Logger('Identity');
  const pool = new Pool({
    connectionString: url,
    connectionTimeoutMillis: limits.connectTimeout,
    max: limits.poolSize,
  });
  // A connection that the server ends must not end the process, whether it is idle or in use.
  const warn = (error: Error) => {
    logger.warn(error.message);
  };
  pool.on('error', warn).on('connect', (client) => client.on('error', warn));
  limitQueries(pool, limits);
  watchPool(pool);
  return Object.assign(pool, {
    query: (text: string, values?: unknown[]) => ask(pool, text, values),
  });
}
