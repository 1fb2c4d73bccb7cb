import { Injectable } from '@nestjs/common';
import { Pool } from 'pg';
import { Purge } from '../common/purge.js';

/** Tasks and keys that a request wrote for an account while that was being deleted. */
const ERASE = `
  select coalesce(sum(erase_deleted_user(id)), 0)::int as removed from deleted_user
   where not exists (select from "user" where "user".id = deleted_user.id)`;

/**
 * What nobody will ask for again. Tokens live for a day at most, and the last one of a session or an
 * account for a little longer than those. Better Auth keeps what has expired until somebody uses it.
 */
const EXPIRED = [
  ['revoked_session', `revoked_at < now() - interval '25 hours'`],
  ['deleted_user', `deleted_at < now() - interval '25 hours'`],
  ['session', `"expiresAt" < now() - interval '1 day'`],
  ['verification', `"expiresAt" < now() - interval '1 day'`],
].map(
  ([table, condition]) => `
  delete from ${table} where id in (select id from ${table} where ${condition} limit $1)`,
);

/** Removes what accounts and sessions leave behind. */
@Injectable()
export class AccountPurge extends Purge {
  constructor(private readonly pool: Pool) {
    super('remains of accounts and sessions');
  }

  protected override async removeSome(most: number): Promise<number> {
    const { rows } = await this.pool.query<{ removed: number }>(ERASE);
    let removed = Math.min(rows[0]?.removed ?? 0, most);
    for (const statement of EXPIRED) {
      const { rowCount } = await this.pool.query(statement, [most - removed]);
      removed += rowCount ?? 0;
    }
    return removed;
  }
}
