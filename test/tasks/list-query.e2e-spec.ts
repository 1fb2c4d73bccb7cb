import { beforeAll, describe, expect, it } from '@jest/globals';
import type { TaskPageDto } from '../../src/tasks/task.dto.js';
import { startApp, useApp } from '../support/app.js';
import type { TestUser } from '../support/client.js';
import { mintUser, SECRET_MODE } from '../support/tokens.js';

const app = useApp(SECRET_MODE);
let ada: TestUser;

beforeAll(async () => {
  ada = await mintUser(app.url, 'ada');
  for (const [i, due] of ['2026-12-24', '2026-12-24T22:30:00+02:00', null].entries()) {
    const tags = ['a,b', 'c\\d', ...(i === 0 ? ['e\\'] : [])];
    await ada.create({ title: `Task ${i}`, due, tags, priority: 'high' });
  }
});

const titles = async (query: string, user = ada) => {
  const { status, body } = await user.api<TaskPageDto>(`/tasks?${query}`);
  expect([status, query]).toEqual([200, query]);
  return body.data.map(({ title }) => title).sort();
};

/** The next page's path and query, below the version, by a Link header. */
function nextOf(headers: Headers): string {
  const link = /^<http:\/\/localhost:\d+\/api\/v1(.*)>; rel="next"$/.exec(
    headers.get('link') ?? '',
  );
  return link?.[1] ?? 'none';
}

describe('a parameter that is wrong is 400, and names itself:', () => {
  it.each([
    { parameter: 'completed', values: ['', 'yes', 'TRUE', '1', 'null', 'true&completed=true'] },
    { parameter: 'hasDue', values: ['', 'no', '0'] },
    { parameter: 'count', values: ['', '1'] },
    { parameter: 'trashed', values: ['', 'all'] },
    {
      parameter: 'priority',
      values: ['', 'urgent', 'high,', 'high,urgent', 'HIGH', 'high&priority=low', '3'],
    },
    {
      parameter: 'tags',
      values: ['', 'a,', ',', '%20', 'a%00', 'x'.repeat(51), 'a&tags=b', 'a,'.repeat(20) + 'a'],
    },
    {
      parameter: 'dueBefore',
      values: ['', 'yesterday', '2026-02-30', '2026-12-24T10:00:00', '2026-1-1', '0'],
    },
    {
      parameter: 'dueBefore',
      values: [
        ...['TODAY', 'today%20', '%20now', 'today%20%203d', 'today3d', 'today%2B', 'today%2Bd'],
        ...['today%2B3', 'today%2B3h', 'today%2B3D', 'now%2B1.5d', 'now%2B-1d', 'now%2B1d1w'],
        ...['today%2B10000d', 'now-00000w', 'today,now', 'today&dueBefore=now', '2026-12-24%2B3d'],
      ],
    },
    {
      parameter: 'dueAfter',
      values: ['', '2026-13-01', '2026-12-24&dueAfter=2026-12-25', '20261224', 'now%2B99999w'],
    },
    {
      parameter: 'timeZone',
      values: ['', 'Mars/Olympus', '+02:00', 'UTC+2', "'", 'Europe/Berlin&timeZone=UTC'],
    },
    { parameter: 'q', values: ['x'.repeat(201), '🥛'.repeat(201), 'a%00b', 'a&q=b'] },
    {
      parameter: 'sort',
      values: [
        '',
        'created',
        'createdat',
        '+createdAt',
        '--due',
        'due,title',
        'id',
        'due&sort=due',
      ],
    },
  ])('$parameter', async ({ parameter, values }) => {
    for (const value of values) {
      const { status, body } = await ada.api(`/tasks?${parameter}=${value}`);
      expect([status, body.code, value]).toEqual([400, 'invalid_parameter', value]);
      expect(new Set(body.errors?.map((error) => error.parameter))).toEqual(new Set([parameter]));
    }
  });

  it('all of them at once', async () => {
    const query = 'completed=x&priority=x&dueBefore=x&timeZone=x&sort=x&limit=x&foo=x';
    const { body } = await ada.api(`/tasks?${query}`);
    const names = (body.errors ?? []).map(({ parameter = '' }) => parameter).sort();
    expect(names).toEqual(
      ['completed', 'dueBefore', 'foo', 'limit', 'priority', 'sort', 'timeZone'].sort(),
    );
  });
});

describe('what people send works:', () => {
  it.each([
    {
      name: 'a plus that was not encoded',
      query: 'dueBefore=2026-12-24T22:31:00+02:00',
      expected: ['Task 1'],
    },
    {
      name: 'an encoded plus',
      query: 'dueAfter=2026-12-24T22:30:00%2B02:00',
      expected: ['Task 0', 'Task 1'],
    },
    {
      name: 'white space around values',
      query: 'priority=high,%20low',
      expected: ['Task 0', 'Task 1', 'Task 2'],
    },
    {
      name: 'a value twice',
      query: 'priority=high,high',
      expected: ['Task 0', 'Task 1', 'Task 2'],
    },
    { name: 'a tag with a comma', query: 'tags=a%5C,b', expected: ['Task 0', 'Task 1', 'Task 2'] },
    {
      name: 'a tag with a backslash',
      query: 'tags=c%5Cd,A%5C,B',
      expected: ['Task 0', 'Task 1', 'Task 2'],
    },
    {
      name: 'a tag that ends in a backslash, beside another',
      query: 'tags=e%5C%5C,c%5Cd',
      expected: ['Task 0'],
    },
    {
      name: 'a tag with an escaped backslash',
      query: 'tags=c%5C%5Cd',
      expected: ['Task 0', 'Task 1', 'Task 2'],
    },
    {
      name: 'a zone in other letters',
      query: 'timeZone=europe/berlin&hasDue=false',
      expected: ['Task 2'],
    },
    { name: 'an empty search', query: 'q=', expected: ['Task 0', 'Task 1', 'Task 2'] },
    { name: 'a blank search', query: 'q=%20%09', expected: ['Task 0', 'Task 1', 'Task 2'] },
    {
      name: 'a day at the end of time',
      query: 'dueBefore=9999-12-31',
      expected: ['Task 0', 'Task 1'],
    },
    {
      name: 'an instant before all',
      query: 'dueAfter=0001-01-01T00:00:00Z',
      expected: ['Task 0', 'Task 1'],
    },
    {
      name: 'the first day, where it begins a year before',
      query: 'dueAfter=0001-01-01&timeZone=Asia/Tokyo&sort=due',
      expected: ['Task 0', 'Task 1'],
    },
    {
      name: 'the last instant, where it is a year later',
      query: 'dueBefore=9999-12-31T23:59:59Z&timeZone=Asia/Tokyo&sort=-due',
      expected: ['Task 0', 'Task 1'],
    },
  ])('$name', async ({ query, expected }) => {
    expect(await titles(query)).toEqual(expected);
  });
});

describe('total', () => {
  it('is returned only on request, and covers all pages', async () => {
    expect((await ada.list('?limit=1&count=true')).total).toBe(3);
    expect((await ada.list('?limit=1&count=true&q=nothing')).total).toBe(0);
    expect(await ada.list('?limit=1')).not.toHaveProperty('total');
    expect(await ada.list('?limit=1&count=false')).not.toHaveProperty('total');
  });

  it('stays the same on every page', async () => {
    const { nextCursor } = await ada.list('?limit=2&count=true');
    expect((await ada.list(`?limit=2&count=true&cursor=${nextCursor ?? ''}`)).total).toBe(3);
  });
});

describe('a cursor', () => {
  const STATUS = async (query: string) => (await ada.api(`/tasks?${query}`)).status;

  it.each([
    'sort=createdAt',
    'sort=-due',
    'completed=false',
    'priority=high',
    'priority=high,low',
    'tags=a%5C,b',
    'q=task',
    'hasDue=true',
    'dueAfter=2026-01-01',
    'dueBefore=2027-01-01',
    'timeZone=Asia/Tokyo',
  ])('of %s is of that list alone', async (query) => {
    const { nextCursor } = await ada.list(`?limit=1&${query}`);
    expect(nextCursor).not.toBeNull();
    const cursor = `cursor=${nextCursor ?? ''}`;
    expect(await STATUS(`${cursor}&${query}`)).toBe(200);
    expect(await STATUS(`${cursor}&${query}&limit=7&count=true`)).toBe(200);
    expect(await STATUS(cursor)).toBe(400);
    expect(await STATUS(`${cursor}&${query}&trashed=true`)).toBe(400);
    expect(await STATUS(`${cursor}&sort=title`)).toBe(400);
  });

  it('knows the same filter in other words', async () => {
    const { nextCursor } = await ada.list('?limit=1&priority=low,high&sort=-createdAt&q=');
    expect(await STATUS(`priority=high,low&cursor=${nextCursor ?? ''}`)).toBe(200);
  });

  it('is good at another instance on the same database', async () => {
    const other = await startApp({ ...SECRET_MODE, DATABASE_URL: app.databaseUrl });
    try {
      const { nextCursor } = await ada.list('?limit=1');
      const there = await mintUser(other.url, 'ada');
      expect((await there.list(`?cursor=${nextCursor ?? ''}`)).data).toHaveLength(2);
    } finally {
      await other.close();
    }
  });

  it('is in the Link, with the filter and the order', async () => {
    const { headers } = await ada.api('/tasks?limit=1&sort=title&tags=a%5C,b');
    const { status, body } = await ada.api<TaskPageDto>(nextOf(headers));
    expect([status, body.data.map(({ title }) => title)]).toEqual([200, ['Task 1']]);
  });

  it('is in the Link, with what follows a question mark in the query', async () => {
    const user = await mintUser(app.url, 'questions');
    for (const title of ['Why? 1', 'Why? 2', 'Why? 3']) await user.create({ title });
    const { headers } = await user.api('/tasks?q=why?&limit=1&sort=title');
    const next = nextOf(headers);
    expect(new URLSearchParams(next.split('?')[1]).get('q')).toBe('why?');
    const { body } = await user.api<TaskPageDto>(next);
    expect(body.data.map(({ title }) => title)).toEqual(['Why? 2']);
  });

  it('that is empty is the first page', async () => {
    expect(await ada.list('?limit=2&cursor=')).toEqual(await ada.list('?limit=2'));
    expect((await ada.api('/tasks?cursor=&cursor=')).status).toBe(400);
  });
});
