import { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';

/** The change logs of all users, accessible only to a function of the database. */
@Injectable()
export class ChangesPurgeRepository {
  constructor(private readonly em: EntityManager) {}

  /** Deletes up to `limit` entries logged more than `days` days before `now`; returns how many. */
  async purge(days: number, limit: number, now: Date): Promise<number> {
    const [row] = await this.em.execute<{ removed: number }[]>(
      'select purge_changes(?, ?, ?::timestamptz) as removed',
      [days, limit, now.toISOString()],
    );
    return row?.removed ?? 0;
  }
}
