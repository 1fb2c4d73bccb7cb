import type { Pool } from 'pg';

/** Maximum number of sessions per account; the next sign-in ends the oldest. */
const MAX_SESSIONS = 100;

/** Deleting a session revokes its tokens too: a trigger notifies every instance. */
const END_OLDEST = `
  delete from session where id in (
    select id from session where "userId" = $1 order by "createdAt" desc, id offset $2
  )
  returning id`;

/** Ends the oldest sessions of an account beyond the limit; returns their ids. */
export async function endOldestSessions(pool: Pool, userId: string): Promise<string[]> {
  const { rows } = await pool.query<{ id: string }>(END_OLDEST, [userId, MAX_SESSIONS]);
  return rows.map(({ id }) => id);
}
