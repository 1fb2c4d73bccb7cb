import { randomBytes } from 'node:crypto';
import { type BeforeApplicationShutdown, Injectable, Logger } from '@nestjs/common';
import { Interval, Timeout } from '@nestjs/schedule';
import { UsageRepository } from './usage.repository.js';

const FIRST_MS = 60_000;
const INTERVAL_MS = 3_600_000;
const MAX_OWNERS = 1_000;

/**
 * Corrects counts that are wrong: a previous version that served during the upgrade did not count.
 * Each run goes on with the users after those of the previous one.
 */
@Injectable()
export class UsageRecount implements BeforeApplicationShutdown {
  readonly #logger = new Logger('UsageRecount');
  /** Begins anywhere, so that frequent restarts do not leave anybody out. */
  #previous = randomBytes(1).toString('base64url');
  #running: Promise<void> | undefined;
  #closing = false;

  constructor(private readonly usage: UsageRepository) {}

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

  async beforeApplicationShutdown(): Promise<void> {
    this.#closing = true;
    await this.#running;
  }

  async #run(): Promise<void> {
    let [corrected, wraps] = [0, 0];
    try {
      for (let left = MAX_OWNERS; left > 0 && wraps < 2 && !this.#closing; left -= 1) {
        const owner = await this.usage.nextOwner(this.#previous);
        this.#previous = owner ?? '';
        if (owner === null) wraps += 1;
        else if (await this.usage.recount(owner)) corrected += 1;
      }
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      this.#logger.warn(`A recount of usage failed: ${reason}`);
    }
    if (corrected > 0) this.#logger.warn(`Corrected the usage of ${String(corrected)} users.`);
  }
}
