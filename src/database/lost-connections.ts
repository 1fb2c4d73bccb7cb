import type { Pool, PoolClient } from 'pg';

/**
 * Returns connections that were lost in a transaction to the pool. Kysely does not release them when
 * `begin`, `commit` or `rollback` fails, so the pool would run out of slots.
 */
export function releaseLost(pool: Pool): void {
  const inUse = new WeakSet<PoolClient>();
  pool.on('acquire', (client) => inUse.add(client));
  pool.on('release', (_, client) => inUse.delete(client));
  pool.on('connect', (client) => {
    client.once('end', () => {
      if (!inUse.has(client)) return;
      client.release(true);
      // Its user may still release it; the pool throws on a second release.
      client.release = () => undefined;
    });
  });
}
