import { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';

/** The usage of every user, which only functions of the database may see. */
@Injectable()
export class UsageRecountRepository {
  constructor(private readonly em: EntityManager) {}

  /** Returns the first user after another, by id; null after the last one. */
  async nextOwner(previous: string): Promise<string | null> {
    const [row] = await this.em.execute<{ owner: string | null }[]>(
      'select next_usage_owner(?) as owner',
      [previous],
    );
    return row?.owner ?? null;
  }

  /** Corrects the counts of a user; returns whether they were wrong. */
  async recount(owner: string): Promise<boolean> {
    const [row] = await this.em.execute<{ corrected: boolean }[]>(
      'select recount_usage(?) as corrected',
      [owner],
    );
    return row?.corrected === true;
  }
}
