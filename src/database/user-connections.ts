import type { Pool, PoolClient } from 'pg';
import { KeyedSemaphore } from '../common/index.js';
import { DEFAULT_LIMITS } from './connection.js';
import { setWaited } from './query-deadline.js';
import { currentOwner, currentTransaction } from './row-level-security.js';

/**
 * Shares the pool's connections out fairly: the requests of one user hold `maxPerUser` of them at a
 * time. Further ones wait in a queue of that user's own, so that they never take a place in the pool's
 * queue, where everybody waits.
 */
export class UserConnections {
  /** The owner that a connection is held for. */
  readonly #owners = new WeakMap<PoolClient, string>();
  readonly #semaphore: KeyedSemaphore;
  #connect:
    ((callback: (error: Error | undefined, client?: PoolClient) => void) => void) | undefined;

  constructor({ maxPerUser, poolSize } = DEFAULT_LIMITS) {
    // One connection at least is left to everybody else.
    const max = Math.min(maxPerUser, Math.max(1, poolSize - 1));
    this.#semaphore = new KeyedSemaphore(
      max,
      'Your other requests held all of your database connections for too long.',
    );
  }

  /** Makes `pool.connect` count for the owner of the work that calls it; for `onPoolCreated`. */
  use(pool: Pool): void {
    const connect = pool.connect.bind(pool);
    this.#connect = (callback) => {
      connect(callback);
    };
    // Emitted in every case: after an error, and for a connection that was lost, too.
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
   * Takes a connection for a user; `release()` gives it back.
   *
   * @throws Problem `too_many_concurrent_requests`
   */
  connect(ownerId: string): Promise<PoolClient> {
    // Work within a transaction has a connection: waiting for another, it could wait for itself.
    if (currentTransaction() !== undefined) return this.#take();
    const turn = this.#semaphore.acquire(ownerId);
    return turn === undefined ? this.#take(ownerId) : this.#connectLater(ownerId, turn);
  }

  async #connectLater(ownerId: string, turn: Promise<void>): Promise<PoolClient> {
    const waitingSince = performance.now();
    await turn;
    const client = await this.#take(ownerId);
    setWaited(client, performance.now() - waitingSince);
    return client;
  }

  /** Takes a connection from the pool; a failure gives the owner's place back. */
  #take(ownerId?: string): Promise<PoolClient> {
    return new Promise((resolve, reject) => {
      if (this.#connect === undefined) throw new Error('There are no connections yet.');
      // In the callback, not after the promise: a connection may be lost between the two.
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
