import { HourlyWork } from '../common/index.js';
import type { DatabaseClock } from '../database/index.js';

/** Maximum number of rows that one statement deletes, so that it stays far from its deadline. */
export const BATCH_SIZE = 1_000;

/**
 * Deletes expired rows every hour. Several instances may run at once: the functions in the database skip
 * rows that another instance is deleting.
 */
export abstract class Purge extends HourlyWork {
  /** @param what the rows, as the log names them. */
  protected constructor(private readonly what: string) {
    super('Purge', `The purge of ${what}`);
  }

  /** Deletes one batch after another; yields the number of rows of each. */
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

/** Deletes rows that have expired by a clock that has not jumped. */
export abstract class ExpiryPurge extends Purge {
  protected constructor(
    what: string,
    private readonly clock: DatabaseClock,
  ) {
    super(what);
  }

  /** Deletes up to `limit` rows that have expired by `now`; returns how many. */
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
