import type { Pool } from 'pg';

/** Sessions of one account: at one more the oldest ends. */
const MAX_SESSIONS = 100;

/** A session that ends so ends its tokens too: PostgreSQL tells every instance of each that is deleted. */
const END_OLDEST = `
  delete from session where id in (
    select id from session where "userId" = $1 order by "createdAt" desc, id offset $2
  )
  returning id`;

/** Ends the sessions of an account that are too many, the oldest first; returns their ids. */
export async function endOldestSessions(pool: Pool, userId: string): Promise<string[]> {
  const { rows } = await pool.query<{ id: string }>(END_OLDEST, [userId, MAX_SESSIONS]);
  return rows.map(({ id }) => id);
}
