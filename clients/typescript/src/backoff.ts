import { ProblemError, SignedOutError } from './errors.js';
import { backoffMs, delay } from './retry.js';

/** Maximum wait that `Retry-After` may ask for. */
const MAX_RETRY_AFTER_MS = 300_000;
/** Maximum wait that the last event of a stream may ask for. */
const MAX_ANNOUNCED_MS = 10_000;
const TOO_MANY_REQUESTS = 429;

/**
 * Returns whether repeating a request is of no use. Otherwise the network or the server is down, or
 * something between sends pages of its own; an error of `getToken` counts as a network failure.
 */
function isFinal(error: unknown): boolean {
  if (error instanceof SignedOutError) return true;
  if (!(error instanceof ProblemError)) return false;
  return error.status < 500 && error.status !== TOO_MANY_REQUESTS;
}

/** Waits between attempts that go on until the signal is aborted. */
export class Backoff {
  #failures = 0;

  constructor(private readonly signal: AbortSignal) {}

  /** Forgets the failures. */
  reset(): void {
    this.#failures = 0;
  }

  /** Waits longer after each failure, and as long as `Retry-After` asks. */
  async wait(error?: unknown): Promise<void> {
    this.#failures += 1;
    const seconds = error instanceof ProblemError ? (error.retryAfterSeconds ?? 0) : 0;
    const retryAfterMs = Math.min(seconds * 1000, MAX_RETRY_AFTER_MS);
    await delay(Math.max(backoffMs(this.#failures), retryAfterMs), this.signal);
  }

  /** Waits for `retryMs` if there are no failures: after an end that the server has announced. */
  async waitAgain(retryMs = 0): Promise<void> {
    if (this.#failures > 0) return this.wait();
    this.#failures = 1;
    await delay(Math.min(retryMs, MAX_ANNOUNCED_MS), this.signal);
  }

  /**
   * Repeats `work` until it succeeds.
   *
   * @throws SignedOutError, ProblemError (4xx other than 429), or the signal's reason
   */
  async repeat<T>(work: () => Promise<T>): Promise<T> {
    for (;;) {
      this.signal.throwIfAborted();
      try {
        const result = await work();
        this.reset();
        return result;
      } catch (error) {
        this.signal.throwIfAborted();
        if (isFinal(error)) throw error;
        await this.wait(error);
      }
    }
  }
}
