import { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';

/** The trash of all users, accessible only to a function of the database. */
@Injectable()
export class TrashRepository {
  constructor(private readonly em: EntityManager) {}

  /**
   * Permanently deletes up to `limit` tasks, and as many lists, trashed more than `days` days before `now`.
   *
   * @returns the number of tasks or of lists, whichever is greater.
   */
  async purge(days: number, limit: number, now: Date): Promise<number> {
    const [row] = await this.em.execute<{ removed: number }[]>(
      'select purge_trash(?, ?, ?::timestamptz) as removed',
      [days, limit, now.toISOString()],
    );
    return row?.removed ?? 0;
  }
}
