import type { Pool, PoolClient } from 'pg';
import { connectionWaits, measurePool } from '../metrics/index.js';

type Callback = (
  error: Error | undefined,
  client: PoolClient | undefined,
  done: () => void,
) => void;
type Connect = (callback?: Callback) => Promise<PoolClient> | undefined;

/** Measures a pool, and how long its users wait for a connection. */
export function measureWaits(name: 'api' | 'identity', pool: Pool): void {
  measurePool(name, pool);
  const waits = connectionWaits[name];
  const connect = pool.connect.bind(pool) as Connect;
  const measured: Connect = (callback) => {
    // Nearly always: no clock is read.
    if (pool.idleCount > 0) {
      waits.observe(0);
      return connect(callback);
    }
    const since = performance.now();
    const observe = () => {
      waits.observe((performance.now() - since) / 1_000);
    };
    if (callback === undefined) return connect()?.finally(observe);
    return connect((...result) => {
      observe();
      callback(...result);
    });
  };
  Object.assign(pool, { connect: measured });
}
