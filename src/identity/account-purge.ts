import { Injectable } from '@nestjs/common';
import { Pool } from 'pg';
import { ExpiryPurge } from '../resource/index.js';
import { DatabaseClock } from '../database/index.js';

/**
 * Rows that are no longer needed at the time `$2`. Tokens live for at most a day, hence the 25
 * hours. A deleted account is remembered until its last row is erased. Better Auth deletes expired
 * rows only when they are used.
 */
const EXPIRED = [
  ['revoked_session', `revoked_at < $2::timestamptz - interval '25 hours'`],
  [
    'deleted_user',
    `deleted_at < $2::timestamptz - interval '25 hours' and erase_deleted_user(id, 1) = 0`,
  ],
  ['session', `"expiresAt" < $2::timestamptz - interval '1 day'`],
  ['verification', `"expiresAt" < $2::timestamptz - interval '1 day'`],
].map(
  ([table, condition]) => `
  delete from ${table} where id in (select id from ${table} where ${condition} limit $1)`,
);

/** Deletes what accounts and sessions leave behind. */
@Injectable()
export class AccountPurge extends ExpiryPurge {
  constructor(
    private readonly pool: Pool,
    clock: DatabaseClock,
  ) {
    super('remains_of_accounts_and_sessions', clock);
  }

  protected override async removeSome(limit: number, now: Date): Promise<number> {
    let removed = 0;
    for (const statement of EXPIRED) {
      const { rowCount } = await this.pool.query(statement, [limit - removed, now]);
      removed += rowCount ?? 0;
    }
    return removed;
  }
}
