import { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';

/** How far the change logs of several users have grown, which only a function of the database may see. */
@Injectable()
export class ChangeHeadsRepository {
  constructor(private readonly em: EntityManager) {}

  /** Returns the number of the last entry by owner; owners without any are left out. */
  async heads(ownerIds: readonly string[]): Promise<ReadonlyMap<string, bigint>> {
    const rows = await this.em.execute<{ owner_id: string; seq: string }[]>(
      `select owner_id, seq::text as seq from change_heads(
         array(select jsonb_array_elements_text(?::jsonb)))`,
      [JSON.stringify(ownerIds)],
    );
    return new Map(rows.map(({ owner_id: ownerId, seq }) => [ownerId, BigInt(seq)]));
  }
}
