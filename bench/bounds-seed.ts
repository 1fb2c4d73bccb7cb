import { withClient } from './database.ts';

export const SEARCHED_LETTERS = 'abcdefghijklmnopqrstuvwxyz0123456789';
const TASKS = 100_000;
const STEP = 10_000;
const WORDS = 16;

/** Returns SQL for a number of words out of 20,000, whose first letters are all of those above. */
const words = (count: number) =>
  Array.from({ length: count }, () => 'pg_temp.word((random() * 20000)::int)').join(` || ' ' || `);

/**
 * Gives a user 100,000 tasks of sixteen words, some completed, some deleted, with dates and
 * instants as `due`.
 */
export async function seedSearched(url: string, owner: string): Promise<void> {
  await withClient(url, async (client) => {
    await client.query(`
      create function pg_temp.word(n int) returns text language sql immutable as $$
        select substr('${SEARCHED_LETTERS}', 1 + n * 7919 % 36, 1)
          || substr(md5(n::text), 1, 4 + n % 5) $$`);
    for (let first = 1; first <= TASKS; first += STEP) {
      await client.query(
        `insert into task (owner_id, id, title, description, completed_at, priority, due_date, due_at,
           tags, created_at, updated_at, deleted_at)
         select $1, gen_random_uuid(), ${words(4)}, ${words(WORDS - 4)},
           case when n % 3 = 0 then now() end, n % 4,
           case when n % 3 = 1 then date '2026-01-01' + n % 300 end,
           case when n % 3 = 2 then timestamptz '2026-01-01Z' + n * interval '1 minute' end,
           case when n % 500 = 0 then '{rare,home}' else '{home}' end::text[],
           timestamptz '2026-01-01Z' + n * interval '1 minute',
           timestamptz '2026-01-01Z' + n * 7919 % 1000003 * interval '1 second',
           case when n % 11 = 0 then now() end
         from generate_series($2::int, $3::int) n`,
        [owner, first, first + STEP - 1],
      );
    }
    await client.query('vacuum analyze task');
  });
}
