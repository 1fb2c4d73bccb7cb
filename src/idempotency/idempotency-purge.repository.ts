import { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';

/** The keys of all users, accessible only to a function of the database. */
@Injectable()
export class IdempotencyPurgeRepository {
  constructor(private readonly em: EntityManager) {}

  /** Deletes up to `limit` keys that have expired by `now`; returns how many. */
  async purge(limit: number, now: Date): Promise<number> {
    const [row] = await this.em.execute<{ removed: number }[]>(
      'select purge_idempotency_keys(?, ?::timestamptz) as removed',
      [limit, now.toISOString()],
    );
    return row?.removed ?? 0;
  }
}
