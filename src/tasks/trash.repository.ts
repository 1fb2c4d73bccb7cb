import { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';

/** The trash of everybody, which only a function of the database may touch. */
@Injectable()
export class TrashRepository {
  constructor(private readonly em: EntityManager) {}

  /** Removes for good what was deleted so many days ago, at most so much; says how much went. */
  async purge(days: number, most: number): Promise<number> {
    const [row] = await this.em.execute<{ removed: number }[]>(
      'select purge_trash(?, ?) as removed',
      [days, most],
    );
    return row?.removed ?? 0;
  }
}
