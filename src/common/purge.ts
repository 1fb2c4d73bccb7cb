import { type BeforeApplicationShutdown, Logger } from '@nestjs/common';
import { Interval, Timeout } from '@nestjs/schedule';

/** Milliseconds from the start to the first run, and from then on between two. */
const FIRST = 60_000;
const EVERY = 3_600_000;
/** Rows that one statement removes at most: it stays far from its deadline. */
const BATCH = 1_000;

/**
 * Removes, every hour, what has been kept for long enough. Several instances may do so at once, as
 * the functions in the database skip what another one is removing. A failure waits for the next hour.
 */
export abstract class Purge implements BeforeApplicationShutdown {
  readonly #logger = new Logger('Purge');
  #running: Promise<void> | undefined;
  #closing = false;

  /** @param what it removes, as the log calls it. */
  protected constructor(private readonly what: string) {}

  /** Removes at most so many of those that may go; says how many went. */
  protected abstract removeSome(most: number): Promise<number>;

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

  /** The connections end after this; a batch that is under way still needs one. */
  async beforeApplicationShutdown(): Promise<void> {
    this.#closing = true;
    await this.#running;
  }

  async #run(): Promise<void> {
    let removed = 0;
    try {
      for (let last = BATCH; last === BATCH && !this.#closing; removed += last) {
        last = await this.removeSome(BATCH);
      }
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      this.#logger.warn(`The purge of ${this.what} failed: ${reason}`);
    }
    if (removed > 0) this.#logger.log(`Purged ${String(removed)} ${this.what}.`);
  }
}
