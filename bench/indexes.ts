import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Client } from 'pg';
import { Cleanups } from './cleanups.ts';
import { createDatabase, dropDatabase, openServer, withClient } from './database.ts';
import { LIST, PARENT, type ServedStatement, STATEMENTS } from './indexes-statements.ts';
import { median } from './median.ts';
import { writeBlock } from './results.ts';
import { row, short, table } from './table.ts';

const PRIMARY_KEY = 'task_pkey';
const RUNS = 7;
const FOREIGN = 100_000;
const OWNERS = [
  { id: 'few', own: 1_000 },
  { id: 'many', own: 100_000 },
] as const;
const ALL = OWNERS.reduce((sum, { own }) => sum + own, FOREIGN);

/**
 * Inserts tasks of all kinds with the indexes in place: those that are built at once are smaller than
 * those that grow.
 */
async function seed(client: Client): Promise<void> {
  for (const { id } of OWNERS) {
    await client.query(
      `insert into list (owner_id, id, name, position) values ($1, $2, 'List', 'a0')`,
      [id, LIST],
    );
    await client.query(
      `insert into task (owner_id, id, title, has_subtasks) values ($1, $2, 'Parent', true)`,
      [id, PARENT],
    );
  }
  for (const { id, own } of [...OWNERS, { id: 'others', own: FOREIGN }]) {
    await client.query(
      `insert into task (owner_id, id, title, description, priority, due_date, due_at, tags,
         list_id, parent_id, completed_at, deleted_at, created_at, updated_at)
       select $1 || case when $1 = 'others' then ' ' || n % 100 else '' end, gen_random_uuid(),
         md5(n::text) || ' task ' || n,
         case when n % 500 = 7 then 'Feed the zebra' when n % 3 = 0 then 'Something with milk' end,
         case when n % 10 = 0 then n / 10 % 4 else 0 end,
         case when n % 2000 <> 1 and n % 2 = 1 then date '2026-01-01' + n % 300 end,
         case when n % 2 = 0 then timestamptz '2026-01-01' + n * interval '1 minute' end,
         array['home', 't' || n % 7],
         case when $1 <> 'others' and n % 10 = 3 then '${LIST}' end::uuid,
         case when $1 <> 'others' and n % 1000 = 1 then '${PARENT}' end::uuid,
         case when n % 2000 <> 9 then timestamptz '2026-02-01' + n * interval '1 second' end,
         case when n % 50 = 0 then timestamptz '2026-01-01' + n * interval '1 minute' end,
         timestamptz '2026-01-01' + n * interval '7 seconds',
         timestamptz '2026-01-01' + n::bigint * 7919 % 1000003 * interval '1 second'
       from generate_series(1, $2::int) n`,
      [id, own],
    );
  }
  await client.query('vacuum analyze task');
}

interface Explained {
  readonly 'QUERY PLAN': readonly [{ readonly 'Execution Time': number }];
}

/** Returns the median execution time in milliseconds, of a plan that fits all values. */
async function timeOf(client: Client, statement: ServedStatement, owner: string) {
  await client.query(`set local role ${statement.role ?? 'taskward_api'}`);
  await client.query(`select set_config('app.user_id', $1, true)`, [owner]);
  await client.query('set local plan_cache_mode = force_generic_plan');
  await client.query(`prepare served (text) as ${statement.sql}`);
  const times: number[] = [];
  for (let i = 0; i < RUNS; i += 1) {
    const { rows } = await client.query<Explained>(
      `explain (analyze, format json) execute served('${owner}')`,
    );
    times.push(rows[0]?.['QUERY PLAN'][0]['Execution Time'] ?? Number.NaN);
  }
  await client.query('deallocate served');
  return median(times);
}

/** Measures in a transaction that is rolled back, with the index or without. */
async function measure(
  client: Client,
  statement: ServedStatement,
  owner: string,
  isDropped: boolean,
): Promise<number> {
  await client.query('begin');
  try {
    if (isDropped) await client.query(`drop index ${statement.index}`);
    return await timeOf(client, statement, owner);
  } finally {
    await client.query('rollback');
  }
}

async function bytesOf(client: Client): Promise<Map<string, number>> {
  const { rows } = await client.query<{ name: string; bytes: number }>(
    `select indexrelid::regclass::text as name,
       pg_relation_size(indexrelid) / ${String(ALL)}::float as bytes
     from pg_index where indrelid = 'task'::regclass`,
  );
  return new Map(rows.map(({ name, bytes }) => [name, bytes]));
}

/** Returns the times of a statement for each owner. */
async function timesOf(client: Client, statement: ServedStatement): Promise<string[]> {
  const times: string[] = [];
  for (const { id } of OWNERS) {
    const indexed = await measure(client, statement, id, false);
    const without = await measure(client, statement, id, true);
    times.push(`${short(indexed)} → ${short(without)}`);
  }
  return times;
}

/** Returns what each index of `task` buys, and the bytes that a task takes in it. */
async function measureIndexes(client: Client): Promise<string> {
  const rows: string[] = [];
  for (const [index, bytes] of await bytesOf(client)) {
    const statement = STATEMENTS.find((one) => one.index === index);
    if (statement === undefined && index !== PRIMARY_KEY) {
      throw new Error(`${index} serves no statement in indexes-statements.ts.`);
    }
    const { title } = statement ?? { title: 'a task by its id' };
    const times = statement ? await timesOf(client, statement) : OWNERS.map(() => '');
    rows.push(row([`\`${index}\``, title, ...times, bytes.toFixed(0)]));
  }
  const head = OWNERS.map(({ own }) => `ms with → without, ${own.toLocaleString('en')} own tasks`);
  const titles = ['index', 'statement that it serves', ...head, 'bytes a task'];
  const date = new Date().toISOString().slice(0, 10);
  return `${date}, \`npm run bench:indexes\`:\n\n${table(titles, rows)}`;
}

const cleanups = new Cleanups();
try {
  const folder = await mkdtemp(join(tmpdir(), 'taskward-indexes-'));
  cleanups.add(() => rm(folder, { recursive: true, force: true, maxRetries: 5 }));
  const postgres = await openServer(join(folder, 'postgres'));
  cleanups.add(() => postgres.stop());
  const database = await createDatabase(postgres.url, 'indexes');
  cleanups.add(() => dropDatabase(postgres.url, database));
  await withClient(database.url, async (client) => {
    await seed(client);
    const text = await measureIndexes(client);
    process.stdout.write(`${text}\n`);
    if (process.argv.includes('--write')) await writeBlock('indexes', text);
  });
} finally {
  await cleanups.end();
}
