import { run } from './compare.ts';
import { median } from './median.ts';
import { createDatabase, dropDatabase, seed, withClient } from './database.ts';
import type { Own } from './report.ts';
import { LIST, request } from './scenarios.ts';
import { newIdentity, type Side, startOurs } from './sides.ts';
import type { Stand } from './stand.ts';
import { signUp, type User } from './user.ts';

const ALL = 1_000_000;
const OWN = 100_000;
const ROUNDS = 8;
const PAGE = 20;

/** A list whose requests are all the same. */
interface Measured {
  readonly side: Side;
  readonly request: string;
}

/** Returns the median of the medians of each list, measured alternately. */
async function interleave(stand: Stand, lists: readonly Measured[]): Promise<number[]> {
  const medians = lists.map((): number[] => []);
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const [i, { side, request: text }] of lists.entries()) {
      const load = { connections: 1, seconds: 1, requests: [text] };
      const { p50 } = await run(stand, side, load);
      medians[i]?.push(p50);
    }
  }
  return medians.map(median);
}

/** Returns the cursor of the last page. */
async function lastCursor({ origin }: Side, { token }: User): Promise<string> {
  let cursor = '';
  for (let left = OWN; left > PAGE;) {
    const limit = Math.min(200, left - PAGE);
    const query = `limit=${String(limit)}${cursor && `&cursor=${cursor}`}`;
    const response = await fetch(`${origin}/api/v1/tasks?${query}`, {
      headers: { authorization: `Bearer ${token}` },
    });
    const page = (await response.json()) as { data: unknown[]; nextCursor: string | null };
    if (page.data.length < limit || page.nextCursor === null) throw new Error('the list is short');
    cursor = page.nextCursor;
    left -= limit;
  }
  return cursor;
}

/** Creates the indexes after inserting the rows, which is faster. */
async function seedMany(url: string, owner: string): Promise<void> {
  const indexes = await withClient(url, async (client) => {
    const { rows } = await client.query<{ name: string; sql: string }>(
      `select indexrelid::regclass::text as name, pg_get_indexdef(indexrelid) as sql
       from pg_index where indrelid = 'task'::regclass and not indisprimary`,
    );
    await client.query(`truncate task; ${rows.map(({ name }) => `drop index ${name}`).join(';')}`);
    return rows;
  });
  await seed(url, { owner, own: OWN, foreign: ALL - OWN });
  await withClient(url, async (client) => {
    await client.query(`set maintenance_work_mem = '256MB'`);
    for (const { sql } of indexes) await client.query(sql);
    await client.query('vacuum analyze task');
  });
}

/**
 * Measures the cost of a thousand times as many rows: a table with a million, and the end of a long
 * list.
 */
export async function compareGrowth(stand: Stand): Promise<Own[]> {
  const { server, folder, ours, subject } = stand;
  const database = await createDatabase(server, 'large');
  try {
    const side = await startOurs(database, folder, { identity: await newIdentity() });
    const owner = await signUp(side);
    await seedMany(database.url, owner.id);
    const cursor = await lastCursor(side, owner);
    const [small = NaN, first = NaN, last = NaN] = await interleave(stand, [
      { side: ours, request: request('GET', LIST, subject.token) },
      { side, request: request('GET', LIST, owner.token) },
      { side, request: request('GET', `${LIST}&cursor=${cursor}`, owner.token) },
    ]);
    await side.service.stop();
    const million = 'median of the list with 1,000,000 tasks, 100,000 of them own';
    return [
      growth('growth', million, small, first),
      growth('last-page', 'median of the last page of 100,000 tasks', first, last),
    ];
  } finally {
    await dropDatabase(server, database);
  }
}

const growth = (name: string, title: string, before: number, after: number): Own => ({
  name,
  title,
  unit: '×',
  value: after / before,
  goal: 1.2,
  details: `${before.toFixed(2)} ms → ${after.toFixed(2)} ms`,
});
