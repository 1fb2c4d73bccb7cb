import { Injectable } from '@nestjs/common';
import { Pool } from 'pg';
import { BATCH_SIZE, Purge } from '../resource/index.js';

/** Latest first: its rows are still there, while those of earlier accounts were already erased. */
const DELETED = 'select id from deleted_user order by deleted_at desc';

const ERASE = 'select coalesce(erase_deleted_user($1, $2), 0) as erased';

/**
 * Erases the rows of deleted accounts in batches: right after the deletion, and every hour those
 * that a concurrent request or a crash left behind. No clock is involved.
 */
@Injectable()
export class AccountErasure extends Purge {
  constructor(private readonly pool: Pool) {
    super('rows_of_deleted_accounts');
  }

  protected override async *batches(): AsyncIterable<number> {
    const { rows } = await this.pool.query<{ id: string }>(DELETED);
    for (const { id } of rows) {
      for (let erased = BATCH_SIZE; erased >= BATCH_SIZE;) {
        erased = await this.#erase(id);
        yield erased;
      }
    }
  }

  async #erase(id: string): Promise<number> {
    const { rows } = await this.pool.query<{ erased: number }>(ERASE, [id, BATCH_SIZE]);
    return rows[0]?.erased ?? 0;
  }
}
