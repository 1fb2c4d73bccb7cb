import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ownerOf } from '../../src/auth/owner.js';
import { ListTasksQuery, type Sort, SORTS } from '../../src/tasks/list-tasks.query.js';
import { filterOf } from '../../src/tasks/task-filter.js';
import { type PageRequest, TasksRepository } from '../../src/tasks/tasks.repository.js';
import { startApp, type TestApp } from '../support/app.js';
import { createDatabase, withOwner } from '../support/database.js';
import { faultsOf, PlanWatch } from '../support/plans.js';
import { SECRET_MODE } from '../support/tokens.js';

/** A tenth of CI's where somebody waits: what each page reads is bounded alike. */
const TASKS = process.env['CI'] === 'true' ? 1_000_000 : 100_000;
/** One task in this many is ada's. */
const SHARE = 10;
const PAGE = 20;
const ADA = ownerOf('ada');
const ALL = filterOf(new ListTasksQuery());

let many: string;

/**
 * Fills the table, quickly: without the write-ahead log, with the indexes made afterwards, and
 * without the functions that derive two columns, whose values do not matter here.
 */
async function seed(databaseUrl: string): Promise<void> {
  await withOwner(databaseUrl, async (client) => {
    const { rows } = await client.query<{ name: string; create: string }>(
      `select indexrelid::regclass::text as name, pg_get_indexdef(indexrelid) as create
       from pg_index where indrelid = 'task'::regclass and not indisprimary`,
    );
    for (const { name } of rows) await client.query(`drop index ${name}`);
    await client.query(`
      alter table task drop constraint task_pkey cascade, alter column title_key drop expression,
        alter column terms drop expression;
      alter table task set unlogged;
      set maintenance_work_mem = '256MB'`);
    await client.query(`
      insert into task (owner_id, id, title, title_key, terms, priority, due_date, due_at, tags,
        created_at, updated_at)
      select case when n % ${String(SHARE)} = 0 then 'ada' else 'user ' || n % 1000 end,
        gen_random_uuid(), 'task ' || md5(n::text), 'task ' || md5(n::text), '', n / 7 % 4,
        case when n / 10 % 3 = 1 then date '2026-01-01' + n % 300 end,
        case when n / 10 % 3 = 2 then timestamptz '2026-01-01Z' + n * interval '1 minute' end,
        '{home}', timestamptz '2026-01-01Z' + n * interval '1 second',
        timestamptz '2026-01-01Z' + n::bigint * 7919 % 1000003 * interval '1 second'
      from generate_series(1, ${String(TASKS)}) n`);
    await client.query('alter table task add constraint task_pkey primary key (owner_id, id)');
    for (const { create } of rows) await client.query(create);
    await client.query('vacuum analyze task');
  });
}

beforeAll(async () => {
  many = await createDatabase();
  await seed(many);
}, 120_000);

const page = (sort: Sort, after?: PageRequest['after']): PageRequest => ({
  sort,
  timeZone: 'UTC',
  after,
  limit: PAGE,
});

/** Where the last page begins: the place of the task that is first the other way round. */
async function lastPage(lists: TasksRepository, sort: Sort, hasDue?: boolean) {
  const back = (sort.startsWith('-') ? sort.slice(1) : `-${sort}`) as Sort;
  const slice = { ...page(back), limit: PAGE + 1 };
  const { positionOf } = await lists.page(ADA, { ...ALL, hasDue }, slice);
  return page(sort, positionOf(PAGE));
}

describe(`of ${TASKS.toLocaleString('en')} tasks`, () => {
  let app: TestApp;
  let lists: TasksRepository;
  let watch: PlanWatch;

  beforeAll(async () => {
    watch = await PlanWatch.start(many);
    app = await startApp({ ...SECRET_MODE, DATABASE_URL: many });
    lists = app.nest.get(TasksRepository);
  });
  afterAll(async () => {
    await app.close();
    await watch.stop();
  });

  async function faultsOfPage(slice: PageRequest): Promise<string[]> {
    const returned: unknown[] = [];
    const plans = await watch.during(async () => {
      returned.push(...(await lists.page(ADA, ALL, slice)).rows);
    });
    expect(returned).toHaveLength(PAGE);
    expect(plans.length).toBeGreaterThan(0);
    return plans.flatMap((plan) => faultsOf(plan, PAGE));
  }

  it('the check fails without the index', async () => {
    const index = 'task_owner_updated_index';
    await withOwner(many, async (client) => {
      const { rows } = await client.query<{ create: string }>(
        `select pg_get_indexdef('${index}'::regclass) as create`,
      );
      await client.query(`drop index ${index}`);
      expect(await faultsOfPage(page('updatedAt'))).not.toEqual([]);
      await client.query(rows[0]?.create ?? '');
    });
  });

  it.each(SORTS)('the first page by %s is read off an index', async (sort) => {
    expect(await faultsOfPage(page(sort))).toEqual([]);
  });

  it.each(SORTS)('the last page by %s is read off an index', async (sort) => {
    // Tasks without `due` come last in either order.
    const isDue = sort === 'due' || sort === '-due';
    expect(await faultsOfPage(await lastPage(lists, sort, isDue ? false : undefined))).toEqual([]);
  });

  it.each(['due', '-due'] as const)('the last by %s that has one', async (sort) => {
    const slice = await lastPage(lists, sort, true);
    expect(await faultsOfPage({ ...slice, limit: PAGE })).toEqual([]);
  });
});
