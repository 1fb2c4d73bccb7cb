import { HourlyWork } from '../common/index.js';
import type { DatabaseClock } from '../database/index.js';
import { countPurged, type PurgedRows } from '../metrics/index.js';
import type { PurgeFunction, PurgeRepository } from './purge.repository.js';

/** Maximum number of rows that one statement deletes, so that it stays far from its deadline. */
export const BATCH_SIZE = 1_000;

/**
 * Deletes expired rows every hour. Several instances may run at once: the functions in the database skip
 * rows that another instance is deleting.
 */
export abstract class Purge extends HourlyWork {
  /** @param rows what is deleted, as the log and the metrics name it. */
  protected constructor(private readonly rows: PurgedRows) {
    super('Purge', `The purge of ${rows.replaceAll('_', ' ')}`);
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
      countPurged(this.rows, removed);
      const rows = this.rows.replaceAll('_', ' ');
      if (removed > 0) this.logger.log(`Purged ${String(removed)} ${rows}.`);
    }
  }
}

/** Deletes rows that have expired by a clock that has not jumped. */
export abstract class ExpiryPurge extends Purge {
  protected constructor(
    rows: PurgedRows,
    private readonly clock: DatabaseClock,
  ) {
    super(rows);
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

/** Deletes rows that have expired by a function of the database. */
export abstract class FunctionPurge extends ExpiryPurge {
  protected constructor(
    rows: PurgedRows,
    private readonly expired: PurgeFunction,
    private readonly purges: PurgeRepository,
    clock: DatabaseClock,
  ) {
    super(rows, clock);
  }

  protected override removeSome(limit: number, now: Date): Promise<number> {
    return this.purges.purge(this.expired, limit, now);
  }
}
