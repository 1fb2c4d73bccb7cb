import { beforeAll, describe, expect, it } from '@jest/globals';
import type { ListDto, ListPageDto } from '../../src/lists/list.dto.js';
import type { TaskDto } from '../../src/tasks/task.dto.js';
import { useApp } from '../support/app.js';
import type { RequestOptions, TestUser } from '../support/client.js';
import { fingerprint } from '../support/fingerprint.js';
import { createList, MADE_UP } from '../support/places.js';
import { mintUser, SECRET_MODE } from '../support/tokens.js';

const app = useApp(SECRET_MODE);
let ada: TestUser;
let eve: TestUser;
let list: ListDto;
let task: TaskDto;
let trashed: ListDto;

beforeAll(async () => {
  [ada, eve] = [await mintUser(app.url, 'ada'), await mintUser(app.url, 'eve')];
  list = await createList(ada, { name: 'Private' });
  task = await ada.create({ title: 'Private', listId: list.id });
  trashed = await createList(ada, { name: 'Private' });
  await ada.create({ title: 'Private', listId: trashed.id });
  await ada.api(`/lists/${trashed.id}`, { method: 'DELETE' });
});

const ALL = { name: 'Mine now', color: null, archived: false };
const STALE = { 'if-match': '"99"' };
const CURRENT = { 'if-match': '"1", "2"' };

const REQUESTS: { method: string; suffix: string; options?: RequestOptions }[] = [
  { method: 'GET', suffix: '' },
  { method: 'HEAD', suffix: '' },
  { method: 'GET', suffix: '?include=counts' },
  { method: 'GET', suffix: '', options: { headers: { 'if-none-match': '"1"' } } },
  { method: 'PUT', suffix: '', options: { json: ALL } },
  { method: 'PATCH', suffix: '', options: { json: { name: 'Mine now' } } },
  { method: 'PATCH', suffix: '', options: { json: {} } },
  ...['', '?tasks=keep', '?permanent=true', '?permanent=true&tasks=keep'].flatMap((suffix) =>
    [{}, STALE, CURRENT].map((headers) => ({ method: 'DELETE', suffix, options: { headers } })),
  ),
  ...[{}, STALE, CURRENT].flatMap((headers) => [
    { method: 'POST', suffix: '/restore', options: { headers } },
    { method: 'POST', suffix: '/move', options: { headers, json: {} } },
    { method: 'PUT', suffix: '', options: { headers, json: ALL } },
  ]),
  { method: 'POST', suffix: '', options: { json: ALL } },
];

describe("another user's list", () => {
  it.each(REQUESTS)(
    'responds to $method$suffix $options like an unknown one',
    async ({ method, suffix, options }) => {
      const request = (id: string) =>
        eve.api<object>(`/lists/${id}${suffix}`, { method, ...options });
      const unknown = fingerprint(await request(MADE_UP));
      expect([404, 405]).toContain(unknown.status);
      for (const { id } of [list, trashed]) {
        expect(fingerprint(await request(id))).toEqual(unknown);
      }
      expect((await ada.api<ListPageDto>('/lists')).body.data).toEqual([list]);
      expect((await ada.list()).data).toEqual([task]);
      const inTrash = (await ada.api<ListPageDto>('/lists?trashed=true')).body.data;
      expect(inTrash.map(({ id, version }) => [id, version])).toEqual([[trashed.id, 2]]);
    },
  );

  it('is in no page but its owner’s, and finds no tasks', async () => {
    for (const path of ['/lists?include=counts', '/lists?trashed=true', `/tasks?list=${list.id}`]) {
      const { status, body } = await eve.api(path);
      expect([path, status, body]).toEqual([path, 200, { data: [], nextCursor: null }]);
    }
  });

  it('is not made by naming an owner', async () => {
    for (const name of ['ownerId', 'owner_id', 'owner', 'userId', 'sub']) {
      const json = { name: 'Planted', [name]: ada.id };
      const posted = await eve.api('/lists', { method: 'POST', json });
      expect([name, posted.status]).toEqual([name, 422]);
    }
    expect((await ada.api<ListPageDto>('/lists')).body.data).toEqual([list]);
  });

  it('never shows whose it is', async () => {
    const { body } = await ada.api(`/lists/${list.id}?include=counts`);
    expect(body).not.toHaveProperty('ownerId');
    expect(Object.values(body)).not.toContain(ada.id);
  });
});
