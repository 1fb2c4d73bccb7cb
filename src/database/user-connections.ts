import type { Pool, PoolClient } from 'pg';
import { KeyedSemaphore } from '../common/index.js';
import { connectionWaits, countRefused } from '../metrics/index.js';
import { DEFAULT_LIMITS } from './connection.js';
import { setWaited } from './query-deadline.js';
import { currentOwner, currentTransaction } from './row-level-security.js';

/**
 * Shares the pool's connections fairly: the requests of one user hold up to `maxConnectionsPerUser` at a
 * time. Further requests wait in a queue of that user, so that they never delay other users in the
 * pool's queue.
 */
export class UserConnections {
  /** The owner for whom a connection is held. */
  readonly #owners = new WeakMap<PoolClient, string>();
  readonly #semaphore: KeyedSemaphore;
  #connect:
    ((callback: (error: Error | undefined, client?: PoolClient) => void) => void) | undefined;

  constructor({ maxConnectionsPerUser, maxConnections } = DEFAULT_LIMITS) {
    // At least one connection is left for other users.
    const max = Math.min(maxConnectionsPerUser, Math.max(1, maxConnections - 1));
    this.#semaphore = new KeyedSemaphore(
      max,
      'Your other requests held all of your database connections for too long.',
      () => countRefused('database_connections'),
    );
  }

  /** Makes `pool.connect` count connections per current owner; for `onPoolCreated`. */
  use(pool: Pool): void {
    const connect = pool.connect.bind(pool);
    this.#connect = (callback) => {
      connect(callback);
    };
    // Also emitted after an error, and for a lost connection.
    pool.on('release', (_, client) => {
      const ownerId = this.#owners.get(client);
      this.#owners.delete(client);
      if (ownerId !== undefined) this.#semaphore.release(ownerId);
    });
    const connectForOwner = (callback?: Parameters<typeof connect>[0]) => {
      if (callback !== undefined) {
        connect(callback);
        return undefined;
      }
      const ownerId = currentOwner();
      return ownerId === undefined ? connect() : this.connect(ownerId);
    };
    Object.assign(pool, { connect: connectForOwner });
  }

  /**
   * Takes a connection for a user; `release()` returns it.
   *
   * @throws Problem `too_many_concurrent_requests`
   */
  connect(ownerId: string): Promise<PoolClient> {
    // Work within a transaction holds a connection: waiting for another could be a deadlock with itself.
    if (currentTransaction() !== undefined) return this.#take();
    const slot = this.#semaphore.acquire(ownerId);
    return slot === undefined ? this.#take(ownerId) : this.#connectLater(ownerId, slot);
  }

  async #connectLater(ownerId: string, slot: Promise<void>): Promise<PoolClient> {
    const waitingSince = performance.now();
    await slot;
    connectionWaits.user.observe((performance.now() - waitingSince) / 1_000);
    const client = await this.#take(ownerId);
    setWaited(client, performance.now() - waitingSince);
    return client;
  }

  /** Takes a connection from the pool; a failure releases the owner's slot. */
  #take(ownerId?: string): Promise<PoolClient> {
    return new Promise((resolve, reject) => {
      if (this.#connect === undefined) throw new Error('There are no connections yet.');
      // Here and not after the promise: the connection may be lost between the two.
      this.#connect((error, client) => {
        if (client === undefined) {
          if (ownerId !== undefined) this.#semaphore.release(ownerId);
          reject(error ?? new Error('The pool gave no connection.'));
          return;
        }
        if (ownerId !== undefined) this.#owners.set(client, ownerId);
        resolve(client);
      });
    });
  }
}
