import type { Pool, PoolClient } from 'pg';
import { Problem } from '../common/problem.js';
import { DEFAULT_LIMITS } from './connection.js';
import { setWaited } from './query-deadline.js';
import { currentOwner, openTransaction } from './row-level-security.js';

/** Requests of one user that wait for a connection at a time, and the milliseconds that each waits. */
const MAX_WAITING = 100;
const MAX_WAIT_MS = 5_000;
const RETRY_AFTER_SECONDS = 2;

/** The connections of one user, and those of the user's requests that wait for one. */
interface Share {
  readonly ownerId: string;
  held: number;
  /** In the order of their arrival. */
  readonly waiting: Set<() => void>;
}

function tooMany(detail: string): Problem {
  return new Problem('too_many_concurrent_requests', detail, {
    headers: { 'retry-after': String(RETRY_AFTER_SECONDS) },
  });
}

/**
 * Shares the pool's connections out fairly: the requests of one user hold `maxPerUser` of them at a
 * time. Further ones wait in a queue of that user's own, so that they never take a place in the pool's
 * queue, where everybody waits.
 */
export class UserConnections {
  readonly #shares = new Map<string, Share>();
  readonly #held = new WeakMap<PoolClient, Share>();
  readonly #max: number;
  #connect:
    ((callback: (error: Error | undefined, client?: PoolClient) => void) => void) | undefined;

  constructor({ maxPerUser, poolSize } = DEFAULT_LIMITS) {
    // One connection at least is left to everybody else.
    this.#max = Math.min(maxPerUser, Math.max(1, poolSize - 1));
  }

  /** Makes `pool.connect` count for the owner of the work that calls it; for `onPoolCreated`. */
  use(pool: Pool): void {
    const connect = pool.connect.bind(pool);
    this.#connect = (callback) => {
      connect(callback);
    };
    // Emitted in every case: after an error, and for a connection that was lost, too.
    pool.on('release', (_, client) => {
      const share = this.#held.get(client);
      this.#held.delete(client);
      if (share !== undefined) this.#giveBack(share);
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
    if (openTransaction() !== undefined) return this.#take();
    const share = this.#shareOf(ownerId);
    if (share.held >= this.#max) return this.#connectLater(share);
    share.held += 1;
    return this.#take(share);
  }

  async #connectLater(share: Share): Promise<PoolClient> {
    const waitingSince = performance.now();
    await this.#turn(share);
    const client = await this.#take(share);
    setWaited(client, performance.now() - waitingSince);
    return client;
  }

  /** Takes a connection from the pool; a failure gives the place in the share back. */
  #take(share?: Share): Promise<PoolClient> {
    return new Promise((resolve, reject) => {
      if (this.#connect === undefined) throw new Error('There are no connections yet.');
      // In the callback, not after the promise: a connection may be lost between the two.
      this.#connect((error, client) => {
        if (client === undefined) {
          if (share !== undefined) this.#giveBack(share);
          reject(error ?? new Error('The pool gave no connection.'));
          return;
        }
        if (share !== undefined) this.#held.set(client, share);
        resolve(client);
      });
    });
  }

  /** Resolves when a place in the share is free, and taken. */
  #turn({ waiting }: Share): Promise<void> {
    if (waiting.size >= MAX_WAITING) {
      return Promise.reject(tooMany(`More than ${String(MAX_WAITING)} of your requests wait.`));
    }
    return new Promise((resolve, reject) => {
      const proceed = () => {
        clearTimeout(timer);
        resolve();
      };
      const timer = setTimeout(() => {
        waiting.delete(proceed);
        reject(tooMany('Your other requests took all of your connections for too long.'));
      }, MAX_WAIT_MS);
      waiting.add(proceed);
    });
  }

  #shareOf(ownerId: string): Share {
    const known = this.#shares.get(ownerId);
    if (known !== undefined) return known;
    const share = { ownerId, held: 0, waiting: new Set<() => void>() };
    this.#shares.set(ownerId, share);
    return share;
  }

  /** Hands a place on to the request that has waited longest. */
  #giveBack(share: Share): void {
    const [proceed] = share.waiting;
    if (proceed !== undefined) {
      share.waiting.delete(proceed);
      proceed();
      return;
    }
    share.held -= 1;
    if (share.held === 0) this.#shares.delete(share.ownerId);
  }
}
