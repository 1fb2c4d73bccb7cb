import { beforeAll, describe, expect, it, jest } from '@jest/globals';
import fc from 'fast-check';
import { ScopedQueryRunner } from '../../src/database/scoped-query-runner.js';
import { SORTS } from '../../src/tasks/list-tasks.query.js';
import type { TaskPageDto } from '../../src/tasks/task.dto.js';
import { useApp } from '../support/app.js';
import type { TestUser } from '../support/client.js';
import { withOwner } from '../support/database.js';
import { mintUser, SECRET_MODE } from '../support/tokens.js';

const MAX_PAGE_BYTES = 2 * 1024 * 1024;
const TASKS = 150;

const app = useApp(SECRET_MODE);
let ada: TestUser;

/** Large and small tasks in turn, some with a day, some with an instant, and some without a due. */
const SEED = `
  insert into task (owner_id, id, title, description, completed_at, priority, due_date, due_at, created_at)
  select $1, gen_random_uuid(), 'Task ' || n % 50 || ' word',
    case when n % 7 = 0 then null when n % 5 = 0 then 'small'
      when n % 2 = 0 then repeat(chr(1), 10000) else repeat(chr(128512), 10000) end,
    case when n % 3 = 0 then now() end, n % 4,
    case when n % 3 = 1 then date '2026-01-01' + n / 9 end,
    case when n % 3 = 2 then timestamptz '2026-01-01Z' + n / 9 * interval '1 day' end,
    timestamptz '2026-01-01Z' + n / 4 * interval '1 minute'
  from generate_series(1, ${TASKS}) n`;

beforeAll(async () => {
  ada = await mintUser(app.url, 'ada');
  await withOwner(app.databaseUrl, (client) => client.query(SEED, [ada.id]));
});

const bytesOf = ({ data }: TaskPageDto) => Buffer.byteLength(JSON.stringify(data));

/** Reads a page uncompressed: there are hundreds of MiB, and compression has tests of its own. */
async function read(query: string): Promise<TaskPageDto> {
  const headers = { 'accept-encoding': 'identity' };
  return (await ada.api<TaskPageDto>(`/tasks${query}`, { headers })).body;
}

/** Reads a list to its end, and returns its pages. */
async function pagesOf(query: string, limits: readonly number[]): Promise<TaskPageDto[]> {
  const pages: TaskPageDto[] = [];
  for (let cursor: string | null = ''; cursor !== null;) {
    const limit = String(limits[pages.length % limits.length]);
    const page = await read(`?${query}&limit=${limit}&cursor=${cursor}`);
    pages.push(page);
    cursor = page.nextCursor;
  }
  return pages;
}

const idsOf = (pages: readonly TaskPageDto[]) =>
  pages.flatMap(({ data }) => data.map(({ id }) => id));

describe('a page of large tasks', () => {
  it('ends before 2 MiB, and the next one goes on where it ended', async () => {
    const { headers, body } = await ada.api<TaskPageDto>('/tasks?limit=200');
    expect(bytesOf(body)).toBeLessThanOrEqual(MAX_PAGE_BYTES + 2);
    expect(bytesOf(body)).toBeGreaterThan(MAX_PAGE_BYTES - 70_000);
    expect(body.data.length).toBeLessThan(TASKS);
    expect(headers.get('link')).toContain(`cursor=${body.nextCursor ?? ''}`);
  });

  it.each(SORTS)('loses nothing and gives nothing twice, in the order %s', async (sort) => {
    const expected = idsOf(await pagesOf(`sort=${sort}`, [30]));
    expect(new Set(expected).size).toBe(TASKS);
    const filters = fc.constantFrom('', '&q=word', '&timeZone=Asia/Tokyo');
    const limits = fc.array(fc.integer({ min: 25, max: 200 }), { minLength: 1, maxLength: 4 });
    await fc.assert(
      fc.asyncProperty(filters, limits, async (filter, sizes) => {
        const pages = await pagesOf(`sort=${sort}${filter}`, sizes);
        for (const page of pages) {
          expect(page.data.length).toBeGreaterThan(0);
          expect(bytesOf(page)).toBeLessThanOrEqual(MAX_PAGE_BYTES + 2);
        }
        const ids = idsOf(pages);
        // By due, the time zone moves days among instants.
        const inOrder = (all: string[]) => (filter.includes('Tokyo') ? all.toSorted() : all);
        expect(inOrder(ids)).toEqual(inOrder(expected));
      }),
      { numRuns: 2 },
    );
  });

  it.each(['-createdAt', 'due'])(
    'is not sent by PostgreSQL in full, in the order %s',
    async (sort) => {
      const run = jest.spyOn(ScopedQueryRunner.prototype, 'run');
      try {
        await ada.list(`?limit=200&sort=${sort}`);
        const rows = await Promise.all(run.mock.results.map(({ value }) => value));
        const sent = Buffer.byteLength(JSON.stringify(rows).replaceAll('\\u0001', 'x'));
        expect(sent).toBeLessThan((sort === 'due' ? 3 : 1) * (MAX_PAGE_BYTES + 100_000));
      } finally {
        run.mockRestore();
      }
    },
  );
});
