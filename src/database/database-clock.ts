import { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';

/** The database's clock and this process's monotonic clock at the same moment. */
interface ClockSample {
  readonly seen: Date;
  /** `performance.now()` */
  readonly sampledAtMs: number;
}

/** The database's clock, trusted while it advances with this process's monotonic clock. */
@Injectable()
export class DatabaseClock {
  #last: ClockSample | undefined;

  constructor(private readonly em: EntityManager) {}

  /** Returns the time; undefined if it may have jumped, in which case nothing must be purged. */
  async trustedNow(): Promise<Date | undefined> {
    const last = this.#last;
    const sampledAtMs = performance.now();
    const elapsedSeconds = last === undefined ? null : (sampledAtMs - last.sampledAtMs) / 1000;
    const [row] = await this.em.execute<{ seen: string; is_trusted: boolean }[]>(
      'select seen::text, is_trusted from look_at_clock(?::timestamptz, ?::float8)',
      [last?.seen.toISOString() ?? null, elapsedSeconds],
    );
    if (row === undefined) throw new Error('look_at_clock() returned no row.');
    const seen = new Date(row.seen);
    this.#last = { seen, sampledAtMs };
    return row.is_trusted ? seen : undefined;
  }
}
