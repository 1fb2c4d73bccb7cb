import { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';

/** A function of the database that deletes expired rows of all users. */
export interface PurgeFunction {
  readonly name: `purge_${string}`;
  /** Parameters before the size of a batch and the time. */
  readonly parameters: readonly number[];
}

/** Rows of all users, which only functions of the database can delete. */
@Injectable()
export class PurgeRepository {
  constructor(private readonly em: EntityManager) {}

  /** Deletes up to `limit` rows that have expired by `now`; returns how many. */
  async purge({ name, parameters }: PurgeFunction, limit: number, now: Date): Promise<number> {
    const values = [...parameters, limit, now.toISOString()];
    const places = values.map(() => '?').join(', ');
    const [row] = await this.em.execute<{ removed: number }[]>(
      `select ${name}(${places}::timestamptz) as removed`,
      values,
    );
    return row?.removed ?? 0;
  }
}
