import { beforeAll, describe, expect, it } from '@jest/globals';
import type { TaskDto, TaskPageDto } from '../../src/tasks/task.dto.js';
import { useApp } from '../support/app.js';
import { type ApiResponse, send, signUp, type TestUser } from '../support/client.js';
import { withOwner } from '../support/database.js';

const PUBLIC_URL = 'http://tasks.test';

const app = useApp({ PUBLIC_URL });
let ada: TestUser;

beforeAll(async () => {
  ada = await signUp(app.url);
});

/** A user with `count` tasks, of which seven at a time were created in the same millisecond. */
async function signUpWithTasks(count: number): Promise<TestUser> {
  const user = await signUp(app.url);
  await withOwner(app.databaseUrl, (client) =>
    client.query(
      `insert into task (owner_id, id, title, created_at)
       select $1, gen_random_uuid(), 'Task ' || n, timestamptz '2026-01-01Z' + n / 7 * interval '1 ms'
       from generate_series(1, $2) n`,
      [user.id, count],
    ),
  );
  return user;
}

/** Every id in the order the contract asks for, by a way of its own. */
async function idsInOrder(user: TestUser): Promise<string[]> {
  const { rows } = await withOwner(app.databaseUrl, (client) =>
    client.query<{ id: string; created_at: Date }>(
      'select id, created_at from task where owner_id = $1 and deleted_at is null',
      [user.id],
    ),
  );
  const byId = (a: string, b: string) => (a < b ? 1 : -1);
  rows.sort((a, b) => +b.created_at - +a.created_at || byId(a.id, b.id));
  return rows.map(({ id }) => id);
}

/** All pages, by way of their Link headers; each is checked on the way. */
async function pagesOf(user: TestUser, limit: number): Promise<TaskDto[][]> {
  const pages: TaskDto[][] = [];
  let next: string | undefined = `${app.url}/api/v1/tasks?limit=${limit}`;
  while (next !== undefined) {
    const headers = { authorization: `Bearer ${user.token}` };
    const response: ApiResponse<TaskPageDto> = await send<TaskPageDto>(next, { headers });
    expect(response.status).toBe(200);
    const { data, nextCursor } = response.body;
    pages.push(data);
    next = /^<([^>]+)>; rel="next"$/.exec(response.headers.get('link') ?? '')?.[1];
    // The origin is what users see, wherever the program listens.
    expect(next?.startsWith(`${PUBLIC_URL}/api/v1/tasks?`)).not.toBe(false);
    next = next?.replace(PUBLIC_URL, app.url);
    const query = new URLSearchParams(next?.split('?')[1]);
    expect([query.get('cursor'), next && query.get('limit')]).toEqual([
      nextCursor,
      next && String(limit),
    ]);
  }
  return pages;
}

describe('list', () => {
  it('of a user without tasks is empty', async () => {
    const { status, headers, body } = await (await signUp(app.url)).api<TaskPageDto>('/tasks');
    expect([status, body]).toEqual([200, { data: [], nextCursor: null }]);
    expect(headers.get('link')).toBeNull();
    expect(headers.get('cache-control')).toBe('private, no-store');
  });

  it('shows the newest first, each as it was created', async () => {
    const user = await signUp(app.url);
    const tasks: TaskDto[] = [];
    for (const title of ['a', 'b', 'c']) tasks.unshift(await user.create({ title }));
    expect(await user.list()).toEqual({ data: tasks, nextCursor: null });
  });

  it.each([
    { limit: 1, count: 15 },
    { limit: 2, count: 30 },
    { limit: 7, count: 100 },
    { limit: 7, count: 98 },
    { limit: 50, count: 120 },
    { limit: 200, count: 401 },
    { limit: 200, count: 200 },
  ])('in pages of $limit gives each of $count tasks once, in order', async ({ limit, count }) => {
    const user = await signUpWithTasks(count);
    const pages = await pagesOf(user, limit);
    expect(pages.flat().map(({ id }) => id)).toEqual(await idsInOrder(user));
    expect(pages).toHaveLength(Math.ceil(count / limit));
    expect(pages.slice(0, -1).every(({ length }) => length === limit)).toBe(true);
  });

  it('has 50 tasks per page by default', async () => {
    const { data, nextCursor } = await (await signUpWithTasks(51)).list();
    expect([data.length, typeof nextCursor]).toEqual([50, 'string']);
  });

  it('goes on where it was while tasks are added in front and others go', async () => {
    const user = await signUpWithTasks(12);
    const before = await idsInOrder(user);
    const first = await user.list('?limit=4');
    await user.create({ title: 'newer' });
    await user.api(`/tasks/${before[3] ?? ''}`, { method: 'DELETE' });
    await user.api(`/tasks/${before[5] ?? ''}`, { method: 'DELETE' });
    await user.api(`/tasks/${before[6] ?? ''}`, { method: 'PATCH', json: { title: 'changed' } });
    const rest = await user.list(`?limit=200&cursor=${first.nextCursor ?? ''}`);
    expect(first.data.map(({ id }) => id)).toEqual(before.slice(0, 4));
    expect(rest.data.map(({ id }) => id)).toEqual([...before.slice(4, 5), ...before.slice(6)]);
    expect(rest.nextCursor).toBeNull();
  });

  it.each([
    '0',
    '201',
    '-1',
    '1.5',
    'abc',
    '',
    '+1',
    '%201',
    '1e1',
    '0x10',
    '１',
    '99999999999999999999',
  ])('refuses limit=%s', async (limit) => {
    const { status, body } = await ada.api(`/tasks?limit=${limit}`);
    expect([status, body.code]).toEqual([400, 'invalid_parameter']);
    expect(body.errors).toMatchObject([{ parameter: 'limit', code: 'range' }]);
  });

  it.each([
    { query: '?limit=1&limit=1', parameter: 'limit' },
    { query: '?limit', parameter: 'limit' },
    { query: '?cursor=a&cursor=a', parameter: 'cursor' },
    { query: '?owner=x', parameter: 'owner' },
    { query: '?ownerId=x', parameter: 'ownerId' },
    { query: '?LIMIT=1', parameter: 'LIMIT' },
    { query: '?limit[]=1', parameter: 'limit[]' },
    { query: '?__proto__=1', parameter: '__proto__' },
    { query: '?constructor=1', parameter: 'constructor' },
    { query: '?toString=1', parameter: 'toString' },
  ])('refuses $query', async ({ query, parameter }) => {
    const { status, body } = await ada.api(`/tasks${query}`);
    expect([status, body.code]).toEqual([400, 'invalid_parameter']);
    expect(body.errors).toMatchObject([{ parameter }]);
  });

  it('names every wrong parameter at once', async () => {
    const { body } = await ada.api('/tasks?limit=0&cursor=x&cursor=x&x=1&y=2');
    const parameters = (body.errors ?? []).map(({ parameter = '' }) => parameter);
    expect(parameters.sort()).toEqual(['cursor', 'limit', 'x', 'y']);
  });
});

describe('a cursor', () => {
  let cursor: string;
  beforeAll(async () => {
    cursor = (await (await signUpWithTasks(3)).list('?limit=1')).nextCursor ?? '';
  });

  it('of another user is refused', async () => {
    const { status, body } = await ada.api(`/tasks?cursor=${cursor}`);
    expect([status, body.code]).toEqual([400, 'invalid_cursor']);
  });

  it.each(['abc', '%00', '..', '%F0%9F%A5%9B', 'e30', '1', "'", 'a'.repeat(2_000)])(
    'of %s is refused',
    async (garbage) => {
      const { status, body } = await ada.api(`/tasks?cursor=${garbage}`);
      expect([status, body.code]).toEqual([400, 'invalid_cursor']);
      expect(body.errors).toMatchObject([{ parameter: 'cursor', code: 'cursor' }]);
    },
  );

  it('is refused with any character changed, taken away or added', async () => {
    const user = await signUpWithTasks(3);
    const own = (await user.list('?limit=1')).nextCursor ?? '';
    const forged = [`${own}A`, `${own}=`, `${own}%20`, `A${own}`];
    for (let i = 0; i < own.length; i += 1) {
      const swapped = own[i] === 'A' ? 'B' : 'A';
      forged.push(own.slice(0, i) + swapped + own.slice(i + 1), own.slice(0, i) + own.slice(i + 1));
    }
    forged.push(...[1, 2, 10, 40].map((count) => own.slice(0, -count)));
    const statuses = await Promise.all(
      forged.map(async (text) => (await user.api(`/tasks?cursor=${text}`)).status),
    );
    expect(new Set(statuses)).toEqual(new Set([400]));
    expect((await user.list(`?cursor=${own}`)).data).toHaveLength(2);
  });
});
