import type { Pool, PoolClient } from 'pg';
import { sqlStatesOf } from './outage.js';

/**
 * A cancelled statement, a lost connection, also of a server behind the one that we are connected to, and
 * operator intervention: what the connection sends next is not known.
 */
const CONNECTION_ENDS = /^(57014|57P..|08...)$/;

/** Makes the pool end a connection when it is released, if this error has left it in an unknown state. */
export function endAfter(client: PoolClient, error: unknown): void {
  if (!sqlStatesOf(error).some((state) => CONNECTION_ENDS.test(state))) return;
  const release = client.release.bind(client);
  client.release = () => {
    release(true);
  };
}

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
