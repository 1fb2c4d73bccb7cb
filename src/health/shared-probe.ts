/** Shortest time between the starts of two probes. */
const INTERVAL_MS = 1_000;

/**
 * Shares the result of a probe among all callers: it runs at most once per interval, and never twice
 * at a time. Anybody may call `/health/ready`, and each probe takes a connection.
 */
export class SharedProbe<T> {
  #startedAt = -Infinity;
  #isRunning = false;
  #result: Promise<T> | undefined;

  constructor(private readonly probe: () => Promise<T>) {}

  /** Returns the result of the latest probe, which began less than a second ago or still runs. */
  result(): Promise<T> {
    const isFresh = this.#isRunning || performance.now() - this.#startedAt < INTERVAL_MS;
    if (this.#result === undefined || !isFresh) this.#result = this.#start();
    return this.#result;
  }

  async #start(): Promise<T> {
    this.#startedAt = performance.now();
    this.#isRunning = true;
    try {
      return await this.probe();
    } finally {
      this.#isRunning = false;
    }
  }
}
