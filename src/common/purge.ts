import { type BeforeApplicationShutdown, Logger } from '@nestjs/common';
import { Interval, Timeout } from '@nestjs/schedule';
import type { PurgeClock } from './purge-clock.js';

/** Milliseconds from the start to the first run, and from then on between two. */
const FIRST = 60_000;
const EVERY = 3_600_000;
/** Rows that one statement removes at most: it stays far from its deadline. */
export const BATCH_SIZE = 1_000;

/**
 * Removes, every hour, what is no longer kept. Several instances may do so at once, as
 * the functions in the database skip what another one is removing. A failure waits for the next hour.
 */
export abstract class Purge implements BeforeApplicationShutdown {
  readonly #logger = new Logger('Purge');
  #running: Promise<void> | undefined;
  #closing = false;

  /** @param what it removes, as the log calls it. */
  protected constructor(private readonly what: string) {}

  /** Removes one batch after another; yields the number of rows of each. */
  protected abstract batches(): AsyncIterable<number>;

  @Timeout(FIRST)
  soon(): Promise<void> {
    return this.run();
  }

  @Interval(EVERY)
  hourly(): Promise<void> {
    return this.run();
  }

  /** Never fails; does nothing new while a run is under way. */
  run(): Promise<void> {
    this.#running ??= this.#run().finally(() => {
      this.#running = undefined;
    });
    return this.#running;
  }

  /** Runs at once, or after the run that is under way and may have passed by what is new. */
  kick(): void {
    const running = this.#running ?? Promise.resolve();
    void running.then(() => this.run());
  }

  /** The connections end after this; a batch that is under way still needs one. */
  async beforeApplicationShutdown(): Promise<void> {
    this.#closing = true;
    await this.#running;
  }

  async #run(): Promise<void> {
    if (this.#closing) return;
    let removed = 0;
    try {
      for await (const count of this.batches()) {
        removed += count;
        if (this.#isClosing()) break;
      }
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      this.#logger.warn(`The purge of ${this.what} failed: ${reason}`);
    }
    if (removed > 0) this.#logger.log(`Purged ${String(removed)} ${this.what}.`);
  }

  #isClosing(): boolean {
    return this.#closing;
  }
}

/** Removes what has been kept for long enough, by a clock that has not jumped. */
export abstract class ExpiryPurge extends Purge {
  protected constructor(
    what: string,
    private readonly clock: PurgeClock,
  ) {
    super(what);
  }

  /** Removes up to `limit` rows that have expired by `now`; returns how many. */
  protected abstract removeSome(limit: number, now: Date): Promise<number>;

  protected override async *batches(): AsyncIterable<number> {
    const now = await this.clock.trustedNow();
    if (now === undefined) return;
    for (let removed = BATCH_SIZE; removed === BATCH_SIZE;) {
      removed = await this.removeSome(BATCH_SIZE, now);
      yield removed;
    }
  }
}
