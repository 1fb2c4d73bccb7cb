import { type BeforeApplicationShutdown, Logger } from '@nestjs/common';
import { Interval, Timeout } from '@nestjs/schedule';
import { errorSummary } from '../problems/index.js';

/** Milliseconds from the start to the first run, and from then on between two. */
const FIRST_MS = 60_000;
const INTERVAL_MS = 3_600_000;

/** Work that is done every hour, one run at a time. A failure waits for the next hour. */
export abstract class HourlyWork implements BeforeApplicationShutdown {
  protected readonly logger: Logger;
  #running: Promise<void> | undefined;
  #isClosing = false;

  /**
   * @param context of the log's lines.
   * @param title names the work in the log.
   */
  protected constructor(
    context: string,
    private readonly title: string,
  ) {
    this.logger = new Logger(context);
  }

  /** Does one run, and ends it early once `isClosing`. */
  protected abstract work(): Promise<void>;

  protected get isClosing(): boolean {
    return this.#isClosing;
  }

  @Timeout(FIRST_MS)
  soon(): Promise<void> {
    return this.run();
  }

  @Interval(INTERVAL_MS)
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

  /** The connections end after this; what is under way still needs one. */
  async beforeApplicationShutdown(): Promise<void> {
    this.#isClosing = true;
    await this.#running;
  }

  async #run(): Promise<void> {
    if (this.#isClosing) return;
    try {
      await this.work();
    } catch (error) {
      this.logger.warn(`${this.title} failed: ${errorSummary(error)}`);
    }
  }
}
