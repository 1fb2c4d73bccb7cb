/** Limits on the use of the database; times are in milliseconds. */
export interface DatabaseLimits {
  /** Covers connecting and, when the pool is exhausted, waiting for a connection. */
  readonly connectTimeout: number;
  readonly statementTimeout: number;
  /** Applies to a transaction that waits for its next statement. */
  readonly idleTimeout: number;
  /** Maximum number of connections. */
  readonly poolSize: number;
  /** Maximum number of connections that one user's requests hold at a time. */
  readonly maxPerUser: number;
}
