import { MikroORM } from '@mikro-orm/postgresql';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { Client } from 'pg';
import { API_ROLE, SYSTEM_ROLE } from '../src/database/connection.js';
import { SORT_FIELDS, type Sort } from '../src/tasks/list-tasks.query.js';
import type { TaskFilter } from '../src/tasks/task-filter.js';
import { ownerOf } from '../src/common/owner-id.js';
import { TaskListsRepository, type TaskSlice } from '../src/tasks/task-lists.repository.js';
import { startApp, type TestApp } from './support/app.js';
import { withOwner } from './support/database.js';
import { SECRET_MODE } from './support/tokens.js';

const PAGE = 20;
const TASKS = 10_000;
const ALL: TaskFilter = {
  trashed: false,
  completed: undefined,
  priorities: undefined,
  tags: [],
  words: '',
  hasDue: undefined,
  dueBefore: undefined,
  dueAfter: undefined,
};
const SORTS = SORT_FIELDS.flatMap((field): Sort[] => [field, `-${field}`]);

interface Node {
  readonly 'Node Type': string;
  readonly 'Relation Name'?: string;
  readonly 'Actual Rows': number;
  readonly 'Actual Loops': number;
  readonly 'Rows Removed by Filter'?: number;
  readonly 'Rows Removed by Index Recheck'?: number;
  readonly Plans?: readonly Node[];
}

let app: TestApp;
let lists: TaskListsRepository;

/** Tasks of ada's, who has done few, of eve's, who has done most, and of a hundred others. */
const SEED = `
  insert into task (owner_id, id, title, description, completed_at, priority, due_date, due_at, tags,
    created_at, updated_at, deleted_at)
  select case n % 4 when 1 then 'eve' when 3 then 'user ' || n % 400 else 'ada' end, gen_random_uuid(),
    'Task ' || md5(n::text), case when n % 4 = 0 then 'with words' end,
    case when (n % 10 < 2) <> (n % 4 = 1) then now() end, case when n % 40 < 2 then 3 else n / 2 % 3 end,
    case when n / 2 % 3 = 1 then date '2026-01-01' + n % 300 end,
    case when n / 2 % 3 = 2 then timestamptz '2026-01-01Z' + n * interval '1 hour' end,
    case when n % 998 < 2 then '{rare,home}' else '{home}' end::text[],
    timestamptz '2026-01-01Z' + n * interval '1 minute',
    timestamptz '2026-01-01Z' + n * 7919 % 1000003 * interval '1 second',
    case when n % 22 < 2 then now() end
  from generate_series(1, ${TASKS * 2}) n`;

beforeAll(async () => {
  app = await startApp(SECRET_MODE);
  lists = app.nest.get(TaskListsRepository);
  await withOwner(app.databaseUrl, async (client) => {
    await client.query(SEED);
    await client.query('vacuum analyze task');
  });
}, 60_000);
afterAll(() => app.close());

/** What the repository sends for a page, with its parameters in it. */
async function statementsOf(
  owner: string,
  filter: TaskFilter,
  slice: TaskSlice,
): Promise<string[]> {
  const orm = app.nest.get(MikroORM);
  const execute = jest.spyOn(orm.em.getConnection(), 'execute');
  try {
    await lists.list(ownerOf(owner), filter, slice);
    return execute.mock.calls.map(([sql, values]) =>
      orm.em.getPlatform().formatQuery(sql as string, (values ?? []) as unknown[]),
    );
  } finally {
    execute.mockRestore();
  }
}

async function explain(
  client: Client,
  role: string,
  owner: string,
  statement: string,
): Promise<Node> {
  await client.query(`begin; set local role ${role}; set local app.user_id = '${owner}'`);
  try {
    const { rows } = await client.query<{ 'QUERY PLAN': [{ Plan: Node }] }>(
      `explain (analyze, buffers, format json) ${statement}`,
    );
    const [row] = rows;
    if (row === undefined) throw new Error('EXPLAIN has no answer');
    return row['QUERY PLAN'][0].Plan;
  } finally {
    await client.query('rollback');
  }
}

async function inTurn<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  for (const item of items) results.push(await work(item));
  return results;
}

const nodesOf = (plan: Node): Node[] => [plan, ...(plan.Plans ?? []).flatMap(nodesOf)];

/** Why a plan is not one that reads a page off an index; empty for a good one. */
function faultsOf(plan: Node, returned: number): string[] {
  const nodes = nodesOf(plan);
  const scans = nodes.filter((node) => node['Relation Name'] === 'task');
  const read = scans.map(
    (node) =>
      node['Actual Loops'] *
      (node['Actual Rows'] +
        (node['Rows Removed by Filter'] ?? 0) +
        (node['Rows Removed by Index Recheck'] ?? 0)),
  );
  const sum = read.reduce((a, b) => a + b, 0);
  const sorts = nodes.filter((node) => node['Node Type'].includes('Sort'));
  const sorted = sorts.flatMap(({ Plans = [] }) => Plans.map((node) => node['Actual Rows']));
  return [
    ...scans
      .filter((node) => node['Node Type'] === 'Seq Scan')
      .map(() => 'a sequential scan of task'),
    ...sorted.filter((rows) => rows > 2 * returned).map((rows) => `a sort of ${String(rows)} rows`),
    ...(sum > 2 * returned
      ? [`${String(sum)} rows were read for ${String(returned)} that were returned`]
      : []),
  ];
}

/** The faults of a page's statements; with a search, of the look-up behind it as well. */
async function faultsOfPage(filter: Partial<TaskFilter>, slice: Partial<TaskSlice>, owner = 'ada') {
  const page: TaskSlice = { sort: '-createdAt', timeZone: 'UTC', after: undefined, limit: PAGE };
  const statements = await statementsOf(owner, { ...ALL, ...filter }, { ...page, ...slice });
  return withOwner(app.databaseUrl, async (client) => {
    const plans = await inTurn(statements, (sql) => explain(client, API_ROLE, owner, sql));
    const returned = plans.reduce((sum, plan) => sum + plan['Actual Rows'], 0);
    expect(returned).toBeGreaterThan(0);
    const { tags = [], words = '' } = filter;
    if (tags.length > 0 || words !== '') {
      plans.push(await explain(client, SYSTEM_ROLE, owner, await lookUpOf(client, words, tags)));
    }
    return plans.flatMap((plan) => faultsOf(plan, returned));
  });
}

/** The statement inside of `task_matches`, which EXPLAIN does not look into. */
async function lookUpOf(client: Client, words: string, tags: readonly string[]): Promise<string> {
  const { rows } = await client.query<{ body: string }>(
    `select pg_get_function_sqlbody('task_matches(text, text[])'::regprocedure) as body`,
  );
  return (rows[0]?.body ?? '')
    .replace(/BEGIN ATOMIC|;\s*END/g, '')
    .replace(/(task_matches\.)?wanted_words/g, `'${words}'`)
    .replace(/(task_matches\.)?wanted_tags/g, `'{${tags.join(',')}}'::text[]`);
}

describe('a page is read off an index:', () => {
  it.each(SORTS)('the first by %s', async (sort) => {
    expect(await faultsOfPage({}, { sort })).toEqual([]);
  });

  it.each(SORTS)('one from the middle of the list by %s', async (sort) => {
    const slice: TaskSlice = { sort, timeZone: 'UTC', after: undefined, limit: TASKS / 3 };
    const after = (await lists.list(ownerOf('ada'), ALL, slice)).at(-1)?.position;
    expect(after).toBeDefined();
    expect(await faultsOfPage({}, { sort, after })).toEqual([]);
  });

  it.each(['due', '-due'] as const)('the last by %s, of tasks without one', async (sort) => {
    const slice: TaskSlice = { sort, timeZone: 'UTC', after: undefined, limit: TASKS };
    const after = (await lists.list(ownerOf('ada'), ALL, slice)).at(-30)?.position;
    expect(after?.value).toBeNull();
    expect(await faultsOfPage({}, { sort, after })).toEqual([]);
  });

  it.each<[Partial<TaskFilter>, Sort, string]>([
    [{ completed: true }, '-createdAt', 'ada'],
    [{ completed: false }, '-createdAt', 'eve'],
    [{ completed: false }, 'createdAt', 'eve'],
    [{ priorities: [3] }, '-createdAt', 'ada'],
    [{ priorities: [3] }, 'createdAt', 'ada'],
    [{ trashed: true }, '-createdAt', 'ada'],
    [{ hasDue: true }, 'due', 'ada'],
    [{ hasDue: false }, '-due', 'ada'],
    [{ dueBefore: { day: '2026-09-01', instant: '2026-09-01T00:00:00Z' } }, '-due', 'ada'],
    [{ dueAfter: { day: '2026-05-01', instant: '2026-05-01T00:00:00Z' } }, 'due', 'ada'],
    [{ tags: ['rare'] }, '-createdAt', 'ada'],
    [{ tags: ['RARE', 'home'] }, 'title', 'ada'],
    [{ words: '0a1' }, '-createdAt', 'ada'],
    [{ words: '0a1', tags: ['home'] }, 'due', 'ada'],
  ])('%j by %s', async (filter, sort, owner) => {
    expect(await faultsOfPage(filter, { sort }, owner)).toEqual([]);
  });
});

it('of matches by the thousand is read in the order of the list, not looked up', async () => {
  const filter = { ...ALL, tags: ['home'], words: 'task' };
  const slice: TaskSlice = { sort: '-createdAt', timeZone: 'UTC', after: undefined, limit: PAGE };
  const all = await lists.list(ownerOf('ada'), ALL, slice);
  expect(await lists.list(ownerOf('ada'), filter, slice)).toEqual(all);
  expect(await lists.count(ownerOf('ada'), filter)).toBe(await lists.count(ownerOf('ada'), ALL));
  const statements = await statementsOf('ada', filter, slice);
  const plans = await withOwner(app.databaseUrl, (client) =>
    inTurn(statements, (sql) => explain(client, API_ROLE, 'ada', sql)),
  );
  expect(plans.map((plan) => plan['Actual Rows'])).toEqual([0, PAGE]);
  expect(plans.flatMap((plan) => faultsOf(plan, PAGE))).toEqual([]);
});

describe('the check fails', () => {
  async function without(ddl: string, filter: Partial<TaskFilter>, sort: Sort, owner: string) {
    const create = await withOwner(app.databaseUrl, async (client) => {
      const { rows } = await client.query<{ indexdef: string }>(
        `select indexdef from pg_indexes where indexname = '${ddl}'`,
      );
      await client.query(`drop index ${ddl}`);
      return rows[0]?.indexdef ?? '';
    });
    try {
      return (await faultsOfPage(filter, { sort }, owner)).join();
    } finally {
      await withOwner(app.databaseUrl, (client) => client.query(create));
    }
  }

  it.each<[string, Partial<TaskFilter>, Sort, string]>([
    ['task_owner_created_index', {}, '-createdAt', 'ada'],
    ['task_owner_updated_index', {}, '-updatedAt', 'ada'],
    ['task_owner_title_index', {}, 'title', 'ada'],
    ['task_owner_priority_index', {}, 'priority', 'ada'],
    ['task_owner_due_date_index', {}, 'due', 'ada'],
    ['task_owner_due_at_index', {}, 'due', 'ada'],
    ['task_owner_no_due_index', { hasDue: false }, 'due', 'ada'],
    ['task_owner_open_index', { completed: false }, '-createdAt', 'eve'],
    ['task_owner_completed_index', { completed: true }, 'createdAt', 'ada'],
    ['task_owner_priority_created_index', { priorities: [3] }, '-createdAt', 'ada'],
    ['task_owner_trash_index', { trashed: true }, '-createdAt', 'ada'],
    ['task_terms_index', { words: '0a1' }, '-createdAt', 'ada'],
  ])('without %s', async (index, filter, sort, owner) => {
    expect(await without(index, filter, sort, owner)).toMatch(/rows/);
  });
});
