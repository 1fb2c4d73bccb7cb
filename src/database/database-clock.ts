import { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';

/** A look at the database's clock, and at this process's monotonic one. */
interface Look {
  readonly seen: Date;
  /** Milliseconds; `performance.now()`. */
  readonly lookedAt: number;
}

/** The clock of the database, trusted as long as it goes as the monotonic clock of this process. */
@Injectable()
export class DatabaseClock {
  #last: Look | undefined;

  constructor(private readonly em: EntityManager) {}

  /** Returns the time; undefined while it may have jumped, and nothing must be purged. */
  async trustedNow(): Promise<Date | undefined> {
    const last = this.#last;
    const lookedAt = performance.now();
    const elapsedSeconds = last === undefined ? null : (lookedAt - last.lookedAt) / 1000;
    const [row] = await this.em.execute<{ seen: string; is_trusted: boolean }[]>(
      'select seen::text, is_trusted from look_at_clock(?::timestamptz, ?::float8)',
      [last?.seen.toISOString() ?? null, elapsedSeconds],
    );
    if (row === undefined) throw new Error('look_at_clock() returned no row.');
    const seen = new Date(row.seen);
    this.#last = { seen, lookedAt };
    return row.is_trusted ? seen : undefined;
  }
}
