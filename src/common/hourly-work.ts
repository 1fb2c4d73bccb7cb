import { type BeforeApplicationShutdown, Logger } from '@nestjs/common';
import { Interval, Timeout } from '@nestjs/schedule';
import { errorSummary } from '../problems/index.js';

/** Delay from startup to the first run, and between runs. */
const FIRST_RUN_DELAY_MS = 60_000;
const INTERVAL_MS = 3_600_000;

/** Work that is done every hour, one run at a time. A failed run is retried an hour later. */
export abstract class HourlyWork implements BeforeApplicationShutdown {
  protected readonly logger: Logger;
  #running: Promise<void> | undefined;
  #isClosing = false;

  /**
   * @param context of the log messages.
   * @param name of the work in the log.
   */
  protected constructor(
    context: string,
    private readonly name: string,
  ) {
    this.logger = new Logger(context);
  }

  /** Does one run; it should end early when `isClosing`. */
  protected abstract work(): Promise<void>;

  protected get isClosing(): boolean {
    return this.#isClosing;
  }

  @Timeout(FIRST_RUN_DELAY_MS)
  runSoon(): Promise<void> {
    return this.run();
  }

  @Interval(INTERVAL_MS)
  runHourly(): Promise<void> {
    return this.run();
  }

  /** Never rejects. During a run, returns the promise of that run. */
  run(): Promise<void> {
    this.#running ??= this.#run().finally(() => {
      this.#running = undefined;
    });
    return this.#running;
  }

  /** Runs at once or, during a run that may have missed what is new, after it. */
  kick(): void {
    const running = this.#running ?? Promise.resolve();
    void running.then(() => this.run());
  }

  /** Waits for the current run, which still needs its connection. */
  async beforeApplicationShutdown(): Promise<void> {
    this.#isClosing = true;
    await this.#running;
  }

  async #run(): Promise<void> {
    if (this.#isClosing) return;
    try {
      await this.work();
    } catch (error) {
      this.logger.warn(`${this.name} failed: ${errorSummary(error)}`);
    }
  }
}
