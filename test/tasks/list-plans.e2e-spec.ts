import { beforeAll, describe, expect, it, jest } from '@jest/globals';
import { type Client, escapeLiteral } from 'pg';
import { API_ROLE, SYSTEM_ROLE } from '../../src/database/connection.js';
import { ScopedQueryRunner } from '../../src/database/scoped-query-runner.js';
import { ListTasksQuery, type Sort, SORTS } from '../../src/tasks/list-tasks.query.js';
import { filterOf, type TaskFilter } from '../../src/tasks/task-filter.js';
import { ownerOf } from '../../src/auth/owner.js';
import { type PageRequest, TasksRepository } from '../../src/tasks/tasks.repository.js';
import { useApp } from '../support/app.js';
import { asDatabaseOwner, withOwner } from '../support/database.js';
import { faultsOf, nodesOf, type PlanNode } from '../support/plans.js';
import { SECRET_MODE } from '../support/tokens.js';

const PAGE = 20;
const TASKS = 10_000;
const ALL = filterOf(new ListTasksQuery());

const app = useApp(SECRET_MODE);
let lists: TasksRepository;

const LIST = '0199f000-0000-7000-8000-000000000001';
const PARENT = '0199f000-0000-7000-8000-000000000002';

/**
 * Tasks of ada's, who has done few, of eve's, who has done most, and of a hundred others. One in twenty of
 * ada's is in a list, and one in a hundred below a task; every tenth was moved.
 */
const SEED = `
  insert into list (owner_id, id, name, position) values ('ada', '${LIST}', 'List', 'a0');
  insert into task (owner_id, id, title, description, tags, created_at, has_subtasks)
    values ('ada', '${PARENT}', 'Task parent', 'with words', '{home}', '2026-01-01', true);
  insert into task (owner_id, id, title, description, completed_at, priority, due_date, due_at, tags,
    list_id, parent_id, position, created_at, updated_at, deleted_at)
  select case n % 4 when 1 then 'eve' when 3 then 'user ' || n % 400 else 'ada' end, md5('id ' || n)::uuid,
    'Task ' || md5(n::text), concat_ws(' ', case when n % 4 = 0 then 'with words' end, case when n <= ${TASKS} then 'early' end),
    case when (n % 10 < 2) <> (n % 4 = 1) then now() end, case when n % 40 < 2 then 3 else n / 2 % 3 end,
    case when n / 2 % 3 = 1 then date '2026-01-01' + n % 300 end,
    case when n / 2 % 3 = 2 then timestamptz '2026-01-01Z' + n * interval '1 hour' end,
    case when n % 998 < 2 then '{rare,home}' else '{home}' end::text[],
    case when n % 40 = 0 then '${LIST}' end::uuid, case when n % 200 = 2 then '${PARENT}' end::uuid,
    case when n % 20 = 10 then 'b' || lpad((n * 7919 % 100003)::text, 6, '0') else task_end_position() end,
    timestamptz '2026-01-01Z' + n * interval '1 minute',
    timestamptz '2026-01-01Z' + n * 7919 % 1000003 * interval '1 second',
    case when n % 22 < 2 then now() end
  from generate_series(1, ${TASKS * 2}) n`;

beforeAll(async () => {
  lists = app.nest.get(TasksRepository);
  await withOwner(app.databaseUrl, async (client) => {
    await client.query(SEED);
    await client.query('vacuum analyze task');
  });
}, 60_000);

/** A statement as it is prepared, and what it is executed with. */
interface Sent {
  readonly text: string;
  readonly parameters: readonly (string | null)[];
}

/** Returns the statements that the repository sends for a page. */
async function statementsOf(
  owner: string,
  filter: TaskFilter,
  slice: PageRequest,
): Promise<Sent[]> {
  const run = jest.spyOn(ScopedQueryRunner.prototype, 'run');
  try {
    await lists.page(ownerOf(owner), filter, slice);
    return run.mock.calls.map(([ownerId, text, parameters = []]) => {
      return { text, parameters: [ownerId, ...parameters] };
    });
  } finally {
    run.mockRestore();
  }
}

const literalOf = (value: string | null) => (value === null ? 'null' : escapeLiteral(value));

/** The plan that a connection of the API makes once, for any owner and any parameters. */
async function explain(
  client: Client,
  role: string,
  owner: string,
  { text, parameters }: Sent,
): Promise<PlanNode> {
  await client.query(`begin; set local role ${role}; set local app.user_id = '${owner}';
    set local plan_cache_mode = force_generic_plan; prepare probe as ${text}`);
  try {
    const values = parameters.map(literalOf).join();
    const { rows } = await client.query<{ 'QUERY PLAN': [{ Plan: PlanNode }] }>(
      `explain (analyze, buffers, format json) execute probe(${values})`,
    );
    const [row] = rows;
    if (row === undefined) throw new Error('EXPLAIN has no answer');
    return row['QUERY PLAN'][0].Plan;
  } finally {
    await client.query('rollback; deallocate all');
  }
}

async function inSequence<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  for (const item of items) results.push(await work(item));
  return results;
}

/** A search first scans the beginning of the list; see `ListStatement`. */
const isBeginning = (node: PlanNode) => node['Subplan Name'] === 'CTE near';

const withoutBeginning = (plan: PlanNode): PlanNode => ({
  ...plan,
  Plans: (plan.Plans ?? []).filter((part) => !isBeginning(part)).map(withoutBeginning),
});

/** The same, with a beginning of at most ten pages. */
function faultsOfSearch(plan: PlanNode, returned: number): string[] {
  const beginnings = nodesOf(plan).filter(isBeginning);
  const tooLong = beginnings.flatMap((part) => faultsOf(part, 5 * PAGE));
  return [...tooLong, ...faultsOf(withoutBeginning(plan), returned)];
}

/** The faults of a page's statements; with a search, of the look-up behind it as well. */
async function faultsOfPage(
  filter: Partial<TaskFilter>,
  slice: Partial<PageRequest>,
  owner = 'ada',
) {
  const page: PageRequest = { sort: '-createdAt', timeZone: 'UTC', after: undefined, limit: PAGE };
  const statements = await statementsOf(owner, { ...ALL, ...filter }, { ...page, ...slice });
  return withOwner(app.databaseUrl, async (client) => {
    const plans = await inSequence(statements, (sql) => explain(client, API_ROLE, owner, sql));
    const returned = plans.reduce((sum, plan) => sum + plan['Actual Rows'], 0);
    expect(returned).toBeGreaterThan(0);
    const { tags = [], words = '' } = filter;
    if (tags.length > 0 || words !== '') {
      plans.push(
        await explain(client, SYSTEM_ROLE, owner, await lookUpOf(client, owner, words, tags)),
      );
    }
    return plans.flatMap((plan) => faultsOfSearch(plan, returned));
  });
}

/** The statement inside of `task_lookup`, which EXPLAIN does not look into. */
async function lookUpOf(
  client: Client,
  owner: string,
  words: string,
  tags: readonly string[],
): Promise<Sent> {
  const { rows } = await client.query<{ body: string }>(
    `select prosrc as body from pg_proc where proname = 'task_lookup'`,
  );
  const [, select = ''] = /(select id from \([^;]*)\) as found;/.exec(rows[0]?.body ?? '') ?? [];
  const text = select
    .replace('@@ wanted', '@@ (select task_wanted($1, $2, $3))')
    .replaceAll(/\brest\b/g, '(select null::tsquery)')
    .replace('= owner', '= $1');
  return { text, parameters: [owner, words, `{${tags.join(',')}}`] };
}

describe('a page is read off an index:', () => {
  it.each(SORTS)('the first by %s', async (sort) => {
    expect(await faultsOfPage({}, { sort })).toEqual([]);
  });

  it.each(SORTS)('one from the middle of the list by %s', async (sort) => {
    const slice: PageRequest = {
      sort,
      timeZone: 'UTC',
      after: undefined,
      limit: Math.trunc(TASKS / 3),
    };
    const { positionOf } = await lists.page(ownerOf('ada'), ALL, slice);
    const after = positionOf(slice.limit - 1);
    expect(await faultsOfPage({}, { sort, after })).toEqual([]);
  });

  it.each(['due', '-due'] as const)('the last by %s, of tasks without one', async (sort) => {
    const slice: PageRequest = { sort, timeZone: 'UTC', after: undefined, limit: TASKS };
    const { rows: tasks, positionOf } = await lists.page(ownerOf('ada'), ALL, slice);
    const after = positionOf(tasks.length - 30);
    expect(after.value).toBeNull();
    expect(await faultsOfPage({}, { sort, after })).toEqual([]);
  });

  it.each<{ filter: Partial<TaskFilter>; sort: Sort; owner: string }>([
    { filter: { completed: false }, sort: '-createdAt', owner: 'eve' },
    { filter: { completed: false }, sort: 'createdAt', owner: 'eve' },
    { filter: { trashed: true }, sort: '-createdAt', owner: 'ada' },
    { filter: { hasDue: true }, sort: 'due', owner: 'ada' },
    { filter: { hasDue: false }, sort: '-due', owner: 'ada' },
    {
      filter: { dueBefore: { day: '2026-09-01', instant: '2026-09-01T00:00:00Z' } },
      sort: '-due',
      owner: 'ada',
    },
    {
      filter: { dueAfter: { day: '2026-05-01', instant: '2026-05-01T00:00:00Z' } },
      sort: 'due',
      owner: 'ada',
    },
    { filter: { tags: ['rare'] }, sort: '-createdAt', owner: 'ada' },
    { filter: { tags: ['RARE', 'home'] }, sort: 'title', owner: 'ada' },
    { filter: { words: '0a1' }, sort: '-createdAt', owner: 'ada' },
    { filter: { words: '0a1', tags: ['home'] }, sort: 'due', owner: 'ada' },
    ...(['position', '-position'] as const).flatMap((sort) => [
      { filter: { lists: [null] }, sort, owner: 'ada' },
      { filter: { lists: [LIST] }, sort, owner: 'ada' },
      { filter: { lists: [LIST], parents: [null] }, sort, owner: 'ada' },
      { filter: { lists: [null], parents: [null] }, sort, owner: 'ada' },
      { filter: { parents: [PARENT] }, sort, owner: 'ada' },
    ]),
  ])('$filter by $sort', async ({ filter, sort, owner }) => {
    expect(await faultsOfPage(filter, { sort }, owner)).toEqual([]);
  });
});

describe('a filter without an index of its own is read off the order, and sorts nothing:', () => {
  it.each<{ filter: Partial<TaskFilter>; sort: Sort }>([
    { filter: { completed: true }, sort: '-createdAt' },
    { filter: { completed: true }, sort: 'createdAt' },
    { filter: { priorities: [3] }, sort: '-createdAt' },
    { filter: { priorities: [3] }, sort: 'createdAt' },
  ])('$filter by $sort', async ({ filter, sort }) => {
    const page: PageRequest = { sort, timeZone: 'UTC', after: undefined, limit: PAGE };
    const [statement] = await statementsOf('ada', { ...ALL, ...filter }, page);
    if (statement === undefined) throw new Error('No statement was sent.');
    const plan = await withOwner(app.databaseUrl, (client) =>
      explain(client, API_ROLE, 'ada', statement),
    );
    const scans = nodesOf(plan).flatMap((node) => node['Index Name'] ?? []);
    expect(scans).toEqual(['task_owner_created_index']);
    expect(nodesOf(plan).filter((node) => node['Node Type'].includes('Sort'))).toEqual([]);
  });
});

describe('matches by the thousand', () => {
  it.each<Sort>(['-createdAt', 'due'])('are read in the order of the list by %s', async (sort) => {
    const filter = { ...ALL, tags: ['home'], words: 'task' };
    const slice: PageRequest = { sort, timeZone: 'UTC', after: undefined, limit: PAGE };
    const all = await lists.page(ownerOf('ada'), ALL, slice);
    const found = await lists.page(ownerOf('ada'), filter, slice);
    expect(found.rows).toEqual(all.rows);
    expect(await lists.count(ownerOf('ada'), filter)).toBe(await lists.count(ownerOf('ada'), ALL));
    const statements = await statementsOf('ada', filter, slice);
    const plans = await withOwner(app.databaseUrl, (client) =>
      inSequence(statements, (sent) => explain(client, API_ROLE, 'ada', sent)),
    );
    expect(plans).toHaveLength(1);
    expect(plans.flatMap((plan) => faultsOfSearch(plan, plan['Actual Rows']))).toEqual([]);
  });

  it('are found when the beginning of the list has none of them', async () => {
    const filter = { ...ALL, words: 'early' };
    const slice: PageRequest = {
      sort: '-createdAt',
      timeZone: 'UTC',
      after: undefined,
      limit: PAGE,
    };
    const { rows: found } = await lists.page(ownerOf('ada'), filter, slice);
    const wanted = await asDatabaseOwner(
      app,
      `select id from task where owner_id = 'ada' and deleted_at is null and description ~ 'early'
        order by created_at desc, id desc limit ${PAGE}`,
    );
    expect(found.map(({ id }) => id)).toEqual(wanted.map(({ id }) => id));
    expect(await lists.count(ownerOf('ada'), filter)).toBeGreaterThan(1000);
  });
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

  it.each<{ index: string; filter: Partial<TaskFilter>; sort: Sort; owner: string }>([
    { index: 'task_owner_created_index', filter: {}, sort: '-createdAt', owner: 'ada' },
    { index: 'task_owner_updated_index', filter: {}, sort: '-updatedAt', owner: 'ada' },
    { index: 'task_owner_title_index', filter: {}, sort: 'title', owner: 'ada' },
    { index: 'task_owner_priority_index', filter: {}, sort: 'priority', owner: 'ada' },
    { index: 'task_owner_due_date_index', filter: {}, sort: 'due', owner: 'ada' },
    { index: 'task_owner_due_at_index', filter: {}, sort: 'due', owner: 'ada' },
    { index: 'task_owner_no_due_index', filter: { hasDue: false }, sort: 'due', owner: 'ada' },
    {
      index: 'task_owner_open_index',
      filter: { completed: false },
      sort: '-createdAt',
      owner: 'eve',
    },
    {
      index: 'task_owner_trash_index',
      filter: { trashed: true },
      sort: '-createdAt',
      owner: 'ada',
    },
    { index: 'task_terms_index', filter: { words: '0a1' }, sort: '-createdAt', owner: 'ada' },
    { index: 'task_owner_position_index', filter: {}, sort: 'position', owner: 'ada' },
    {
      index: 'task_owner_list_index',
      filter: { lists: [LIST] },
      sort: 'position',
      owner: 'ada',
    },
    {
      index: 'task_owner_parent_index',
      filter: { parents: [PARENT] },
      sort: 'position',
      owner: 'ada',
    },
  ])('without $index', async ({ index, filter, sort, owner }) => {
    expect(await without(index, filter, sort, owner)).toMatch(/rows/);
  });
});
