import { Injectable } from '@nestjs/common';
import { Pool } from 'pg';
import { ExpiryPurge } from '../resource/index.js';
import { DatabaseClock } from '../database/index.js';

/**
 * Rows that nobody will ask for again, by `$2`. Tokens live for a day at most, and the last one of a
 * session or an account for a little longer than those. A deleted account is remembered as long as
 * rows of it are left. Better Auth keeps what has expired until somebody uses it.
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

/** Removes what accounts and sessions leave behind. */
@Injectable()
export class AccountPurge extends ExpiryPurge {
  constructor(
    private readonly pool: Pool,
    clock: DatabaseClock,
  ) {
    super('remains of accounts and sessions', clock);
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
