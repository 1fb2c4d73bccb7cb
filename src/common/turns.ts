import { Problem } from '../problems/index.js';

/** Requests of one key that wait at a time, and the milliseconds that each waits. */
const MAX_WAITING = 100;
const MAX_WAIT_MS = 5_000;
const RETRY_AFTER_SECONDS = 2;

/** The places that one key holds, and the requests that wait for one. */
interface Share {
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
 * Shares something out fairly: each key, such as a user, holds `max` places at a time, and has a queue of
 * its own for what is more.
 */
export class Turns {
  readonly #shares = new Map<string, Share>();

  /** @param tooLong says why a request that has waited for five seconds is refused. */
  constructor(
    private readonly max: number,
    private readonly tooLong: string,
  ) {}

  /**
   * Takes a place; undefined if one was free, or else the promise of one.
   *
   * @throws Problem `too_many_concurrent_requests`
   */
  take(key: string): Promise<void> | undefined {
    const share = this.#shareOf(key);
    if (share.held >= this.max) return this.#wait(share);
    share.held += 1;
    return undefined;
  }

  /** Hands a place on to the request that has waited longest. */
  giveBack(key: string): void {
    const share = this.#shareOf(key);
    const [proceed] = share.waiting;
    if (proceed !== undefined) {
      share.waiting.delete(proceed);
      proceed();
      return;
    }
    share.held -= 1;
    if (share.held === 0) this.#shares.delete(key);
  }

  #wait({ waiting }: Share): Promise<void> {
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
        reject(tooMany(this.tooLong));
      }, MAX_WAIT_MS);
      waiting.add(proceed);
    });
  }

  #shareOf(key: string): Share {
    const known = this.#shares.get(key);
    if (known !== undefined) return known;
    const share = { held: 0, waiting: new Set<() => void>() };
    this.#shares.set(key, share);
    return share;
  }
}
