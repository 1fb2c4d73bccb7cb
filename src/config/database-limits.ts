/** How much of the database a part of the program may use; times in milliseconds. */
export interface DatabaseLimits {
  /** To make a connection, or to wait for one while the pool has no more. */
  readonly connectTimeout: number;
  readonly statementTimeout: number;
  /** For a transaction that waits for its next statement. */
  readonly idleTimeout: number;
  /** Connections. */
  readonly poolSize: number;
  /** Connections that one user's requests hold at a time. */
  readonly maxPerUser: number;
}
