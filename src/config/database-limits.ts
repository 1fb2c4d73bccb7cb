/** Limits on the use of the database. */
export interface DatabaseLimits {
  /** Covers connecting and, when the pool is exhausted, waiting for a connection. */
  readonly connectTimeoutMs: number;
  readonly statementTimeoutMs: number;
  /** Applies to a transaction that waits for its next statement. */
  readonly idleTimeoutMs: number;
  readonly maxConnections: number;
  /** Maximum number of connections that one user's requests hold at a time. */
  readonly maxConnectionsPerUser: number;
}
