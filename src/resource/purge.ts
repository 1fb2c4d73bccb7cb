import { HourlyWork } from '../common/index.js';
import type { PurgeClock } from '../database/index.js';

/** Rows that one statement removes at most: it stays far from its deadline. */
export const BATCH_SIZE = 1_000;

/**
 * Removes, every hour, what is no longer kept. Several instances may do so at once, as
 * the functions in the database skip what another one is removing.
 */
export abstract class Purge extends HourlyWork {
  /** @param what it removes, as the log calls it. */
  protected constructor(private readonly what: string) {
    super('Purge', `The purge of ${what}`);
  }

  /** Removes one batch after another; yields the number of rows of each. */
  protected abstract batches(): AsyncIterable<number>;

  protected override async work(): Promise<void> {
    let removed = 0;
    try {
      for await (const count of this.batches()) {
        removed += count;
        if (this.isClosing) break;
      }
    } finally {
      if (removed > 0) this.logger.log(`Purged ${String(removed)} ${this.what}.`);
    }
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
