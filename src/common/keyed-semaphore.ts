import { Problem } from '../problems/index.js';

/** Limits of one key: waiting requests, and how long each waits. */
const MAX_WAITING = 100;
const MAX_WAIT_MS = 5_000;
const RETRY_AFTER_SECONDS = 2;

/** Slots that one key holds, and requests that wait for one. */
interface Slots {
  held: number;
  /** Ordered by arrival. */
  readonly waiting: Set<() => void>;
}

function tooManyRequests(detail: string): Problem {
  return new Problem('too_many_concurrent_requests', detail, {
    headers: { 'retry-after': String(RETRY_AFTER_SECONDS) },
  });
}

/**
 * Semaphore per key, such as a user: each key holds up to `max` slots, and has a queue of its own.
 */
export class KeyedSemaphore {
  readonly #slots = new Map<string, Slots>();

  /**
   * @param timeoutDetail detail of the error when a request has waited for five seconds.
   * @param onRefused called for each request that gets no slot.
   */
  constructor(
    private readonly max: number,
    private readonly timeoutDetail: string,
    private readonly onRefused: () => void,
  ) {}

  /**
   * Acquires a slot: returns undefined if one is free, or else the promise of one.
   *
   * @throws Problem `too_many_concurrent_requests`
   */
  acquire(key: string): Promise<void> | undefined {
    const slots = this.#slotsOf(key);
    if (slots.held >= this.max) return this.#wait(slots);
    slots.held += 1;
    return undefined;
  }

  /** Releases a slot, which goes to the request that has waited longest. */
  release(key: string): void {
    const slots = this.#slotsOf(key);
    const [proceed] = slots.waiting;
    if (proceed !== undefined) {
      slots.waiting.delete(proceed);
      proceed();
      return;
    }
    slots.held -= 1;
    if (slots.held === 0) this.#slots.delete(key);
  }

  #wait({ waiting }: Slots): Promise<void> {
    if (waiting.size >= MAX_WAITING) {
      this.onRefused();
      return Promise.reject(
        tooManyRequests(`More than ${String(MAX_WAITING)} of your requests are waiting.`),
      );
    }
    return new Promise((resolve, reject) => {
      const proceed = () => {
        clearTimeout(timer);
        resolve();
      };
      const timer = setTimeout(() => {
        waiting.delete(proceed);
        this.onRefused();
        reject(tooManyRequests(this.timeoutDetail));
      }, MAX_WAIT_MS);
      waiting.add(proceed);
    });
  }

  #slotsOf(key: string): Slots {
    const existing = this.#slots.get(key);
    if (existing !== undefined) return existing;
    const slots = { held: 0, waiting: new Set<() => void>() };
    this.#slots.set(key, slots);
    return slots;
  }
}
