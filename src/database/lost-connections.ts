import type { Pool, PoolClient } from 'pg';

/**
 * Gives the places of connections that ended in a transaction back to the pool. Kysely does not when
 * `begin`, `commit` or `rollback` fail, and the pool would soon have no place left for new ones.
 */
export function releaseLost(pool: Pool): void {
  const inUse = new WeakSet<PoolClient>();
  pool.on('acquire', (client) => inUse.add(client));
  pool.on('release', (_, client) => inUse.delete(client));
  pool.on('connect', (client) => {
    client.once('end', () => {
      if (!inUse.has(client)) return;
      client.release(true);
      // Its user may still release it; a second release would be an error of the pool.
      client.release = () => undefined;
    });
  });
}
