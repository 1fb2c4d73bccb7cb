import { afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import fc from 'fast-check';
import type { TaskDto, TaskPageDto } from '../../src/tasks/task.dto.js';
import { useApp } from '../support/app.js';
import type { ApiResponse, TestUser } from '../support/client.js';
import { withOwner } from '../support/database.js';
import { expectedIds, type ListQuery } from '../support/task-oracle.js';
import { mintUser, SECRET_MODE } from '../support/tokens.js';

const TASKS = 300;
const WORDS = ['Milk', 'crème', 'BRÛLÉE', 'milkshake', 'Straße', '2nd', 'bread', 'Ørsted', 'ad'];
const TAGS = ['home', 'Work', 'errand', 'ÉCOLE', "it's", 'a b', 'NULL'];
const DAYS = ['2026-03-28', '2026-03-29', '2026-03-30', '2026-10-25'];
const INSTANTS = [
  '2026-03-28T10:00:00Z',
  '2026-03-28T23:00:00Z',
  '2026-03-29T00:00:00Z',
  '2026-03-29T00:30:00.123Z',
  '2026-03-29T22:00:00Z',
  '2026-10-24T15:00:00Z',
  '2026-10-25T22:59:59.999Z',
];
const ZONES = ['UTC', 'Europe/Berlin', 'Asia/Tokyo', 'America/St_Johns', 'Pacific/Kiritimati'];
const LISTS = ['0199f000-0000-7000-8000-000000000001', '0199f000-0000-7000-8000-000000000002'];
/** Tasks without a list, and of either list, that have subtasks; their numbers. */
const PARENTS = [20, 21, 22];
/** The same ids for every owner, in another order than the tasks are. */
const idOf = (i: number) =>
  `0199f000-${String((i * 7919) % 1000).padStart(4, '0')}-7000-8000-${String(i).padStart(12, '0')}`;
/** Positions of tasks that were moved, some of them the same. */
const POSITIONS = ['Zf', 'a0', 'a01', 'a1', 'a18', 'b00', 'y0199f00004', 'z00'];
const SORTS = ['createdAt', 'updatedAt', 'due', 'priority', 'title', 'position'].flatMap((s) => [
  s,
  `-${s}`,
]);

const app = useApp(SECRET_MODE);
let ada: TestUser;
let tasks: TaskDto[];
let trash: TaskDto[];

/** The same tasks in every run: many ties, some without `due`, some in the trash, all kinds. */
function rows(ownerId: string) {
  const pick = <T>(list: readonly T[], n: number) => list[n % list.length] as T;
  return Array.from({ length: TASKS }, (_, i) => ({
    owner_id: ownerId,
    id: idOf(i),
    list_id: LISTS[(i % 3) - 1] ?? null,
    parent_id: i > 30 && i % 4 === 1 ? idOf(PARENTS[(i + 1) % 3] ?? 0) : null,
    has_subtasks: PARENTS.includes(i),
    position: i % 5 === 0 ? pick(POSITIONS, i / 5) : `y${idOf(i).replaceAll('-', '').slice(0, 25)}`,
    title: [0, 1, 2].map((k) => pick(WORDS, i * 7 + k * k * 3)).join(i % 2 ? ' ' : ', '),
    description: i % 3 === 0 ? null : `${pick(WORDS, i * 5 + 1)}/${pick(WORDS, i)}.`,
    completed_at: i % 4 === 0 ? '2026-02-01T00:00:00Z' : null,
    priority: (i * 3 + Math.floor(i / 7)) % 4,
    due_date: i % 3 === 1 ? pick(DAYS, i) : null,
    due_at: i % 3 === 2 ? pick(INSTANTS, Math.floor(i / 3)) : null,
    tags: TAGS.filter((__, k) => (i >> k) % 3 === 0),
    created_at: new Date(Date.UTC(2026, 0, 1) + Math.floor(i / 5)).toISOString(),
    updated_at: new Date(Date.UTC(2026, 0, 2) + ((i * 37) % 60)).toISOString(),
    deleted_at: i % 10 === 9 ? '2026-02-02T00:00:00Z' : null,
  }));
}

async function insert(ownerId: string): Promise<void> {
  await withOwner(app.databaseUrl, async (client) => {
    await client.query(
      `insert into list (owner_id, id, name, position)
       select $1, id, 'List', id::text from unnest($2::uuid[]) id`,
      [ownerId, LISTS],
    );
    await client.query(
      `insert into task (owner_id, id, list_id, parent_id, has_subtasks, position, title, description,
         completed_at, priority, due_date, due_at, tags, created_at, updated_at, deleted_at)
       select owner_id, id, list_id, parent_id, has_subtasks, position, title, description,
         completed_at, priority, due_date, due_at, tags, created_at, updated_at, deleted_at
       from json_populate_recordset(null::task, $1)`,
      [JSON.stringify(rows(ownerId))],
    );
  });
}

/** Every page of a list; `check` sees each. */
async function walk(
  query: Record<string, string>,
  check?: (page: TaskPageDto) => void,
): Promise<TaskDto[]> {
  const found: TaskDto[] = [];
  let cursor: string | null = null;
  do {
    const parameters: URLSearchParams = new URLSearchParams({
      ...query,
      ...(cursor !== null && { cursor }),
    });
    const path = `/tasks?${parameters.toString()}`;
    const { status, body }: ApiResponse<TaskPageDto> = await ada.api<TaskPageDto>(path);
    expect([status, body]).toEqual([200, expect.anything()]);
    check?.(body);
    found.push(...body.data);
    cursor = body.nextCursor;
  } while (cursor !== null);
  return found;
}

/** Sets the clock that `today` and `now` go by. */
function setNow(now: string): void {
  jest.spyOn(Date, 'now').mockReturnValue(Date.parse(now));
}

afterEach(() => {
  jest.restoreAllMocks();
});

const idsOf = (list: readonly TaskDto[]) => list.map(({ id }) => id);

beforeAll(async () => {
  ada = await mintUser(app.url, 'ada');
  await insert('ada');
  await insert('eve');
  tasks = await walk({ limit: '200' });
  trash = await walk({ limit: '200', trashed: 'true' });
});

it('has the tasks of one user: the live ones in the list, the others in the trash', () => {
  expect([tasks.length, trash.length]).toEqual([TASKS * 0.9, TASKS * 0.1]);
});

describe('every order', () => {
  const cases = SORTS.flatMap((sort) => [7, 200].map((limit) => [sort, limit] as const));

  it.each(cases)('sort=%s in pages of %d', async (sort, limit) => {
    const found = await walk({ sort, limit: String(limit) }, ({ data, nextCursor }) => {
      expect(nextCursor === null || data.length === limit).toBe(true);
    });
    expect(idsOf(found)).toEqual(expectedIds(tasks, { sort }));
  });

  it.each(SORTS.flatMap((sort) => [1, 2].map((limit) => [sort, limit] as const)))(
    'sort=%s in pages of %d',
    async (sort, limit) => {
      const query = { sort, priority: 'high', tags: 'errand' };
      const found = await walk({ ...query, limit: String(limit) });
      expect(found.length).toBeGreaterThan(10);
      expect(idsOf(found)).toEqual(expectedIds(tasks, query));
    },
  );

  it.each(ZONES.flatMap((timeZone) => ['due', '-due'].map((sort) => [sort, timeZone] as const)))(
    'sort=%s in %s, where days begin at other instants',
    async (sort, timeZone) => {
      const found = await walk({ sort, timeZone, limit: '7' });
      expect(idsOf(found)).toEqual(expectedIds(tasks, { sort, timeZone }));
    },
  );

  it.each(SORTS)('sort=%s in the trash', async (sort) => {
    const found = await walk({ sort, trashed: 'true', limit: '4' });
    expect(idsOf(found)).toEqual(expectedIds(trash, { sort }));
  });
});

const some = <T>(values: readonly T[]) => fc.constantFrom(...values);
const flag = some(['true', 'false'] as const);
const FIXED = [...DAYS, ...INSTANTS, '2026-03-29T02:30:00+02:00', '1970-01-01', '9999-12-31'];
const word = fc
  .tuple(some(['today', 'tomorrow', 'now']), some(['', '+1d', '-1d', '-2d', '+1w', '+30w', '-30w']))
  .map((parts) => parts.join(''));
const bound = fc.oneof(some(FIXED), word);
const queries = fc.record<ListQuery>(
  {
    completed: flag,
    priority: fc
      .uniqueArray(some(['none', 'low', 'medium', 'high']), { minLength: 1 })
      .map((names) => names.join(',')),
    tags: fc
      .uniqueArray(some([...TAGS, 'HOME', 'école', 'nothing']), { minLength: 1, maxLength: 2 })
      .map((names) => names.join(',')),
    list: some([
      ...LISTS,
      LISTS.join(),
      'none',
      `${idOf(0)},none`,
      `none,${LISTS.join()}`,
      idOf(0),
    ]),
    parent: some([...PARENTS.map(idOf), 'none', `${PARENTS.map(idOf).join()},none`, idOf(1)]),
    dueBefore: bound,
    dueAfter: bound,
    hasDue: flag,
    timeZone: some(ZONES),
    q: some(['milk', 'MIL', 'creme', 'brul bre', 'strasse', 'orst', '2nd milk', 'a', 'nothing']),
    sort: some(SORTS),
  },
  { requiredKeys: [] },
);

describe('every filter', () => {
  it('with every other, in every order, returns and counts what the oracle expects', async () => {
    await fc.assert(
      fc.asyncProperty(queries, some([7, 50, 200]), some(INSTANTS), async (query, limit, now) => {
        setNow(now);
        const expected = expectedIds(tasks, query);
        const totals = new Set<number | undefined>();
        const parameters = { ...query, limit: String(limit), count: 'true' };
        const found = await walk(parameters, ({ total }) => totals.add(total));
        expect([...totals]).toEqual([expected.length]);
        expect(idsOf(found)).toEqual(expected);
      }),
      { numRuns: 250 },
    );
  }, 120_000);

  it.each<ListQuery>([
    { completed: 'true' },
    { completed: 'false' },
    { priority: 'high' },
    { priority: 'none,low' },
    { tags: 'work,ERRAND' },
    { tags: "it's" },
    { tags: 'null' },
    { list: LISTS.join() },
    { list: 'none', sort: 'position' },
    { list: LISTS.join(), parent: 'none', sort: '-position' },
    { parent: PARENTS.map(idOf).join(), sort: 'position' },
    { parent: `${idOf(20)},none`, q: 'milk' },
    { dueBefore: '2026-03-29' },
    { dueAfter: '2026-03-29' },
    { dueBefore: '2026-03-29T00:30:00Z', timeZone: 'Asia/Tokyo' },
    { dueAfter: '2026-03-28T23:00:00Z', timeZone: 'Europe/Berlin' },
    { dueAfter: '2026-03-29', dueBefore: '2026-03-30', timeZone: 'America/St_Johns' },
    { hasDue: 'true' },
    { hasDue: 'false' },
    { q: 'creme' },
    { q: 'mil bre' },
  ])('%j finds some and leaves some out', async (query) => {
    const expected = expectedIds(tasks, query);
    expect(idsOf(await walk({ ...query, limit: '50' }))).toEqual(expected);
    expect(expected.length).toBeGreaterThan(3);
    expect(expected.length).toBeLessThan(tasks.length);
  });

  it.each<ListQuery>([
    { dueBefore: 'today' },
    { dueAfter: 'today', dueBefore: 'tomorrow', timeZone: 'Europe/Berlin' },
    { dueAfter: 'tomorrow', timeZone: 'Asia/Tokyo' },
    { dueAfter: 'today-1d', dueBefore: 'today+30w' },
    { dueBefore: 'now', timeZone: 'America/St_Johns' },
    { dueAfter: 'now-1d', dueBefore: 'now+1d', timeZone: 'Europe/Berlin' },
  ])('%j finds some and leaves some out, on the day of a change of the clock', async (query) => {
    setNow('2026-03-29T00:30:00Z');
    const expected = expectedIds(tasks, query);
    expect(idsOf(await walk({ ...query, limit: '7' }))).toEqual(expected);
    expect(expected.length).toBeGreaterThan(3);
    expect(expected.length).toBeLessThan(tasks.length);
  });
});
