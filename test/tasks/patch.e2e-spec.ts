import { beforeAll, describe, expect, it } from '@jest/globals';
import type { TaskDto } from '../../src/tasks/task.dto.js';
import { signUp, type TestUser } from '../support/client.js';
import { useProxiedApp } from '../support/proxied-app.js';

const FIELDS = {
  title: 'Buy milk',
  description: 'Two litres',
  completed: true,
  priority: 'high',
  due: '2026-12-24T18:00:00.000Z',
  tags: ['home', 'NULL', 'a,"b"'],
};

const app = useProxiedApp();
let ada: TestUser;

beforeAll(async () => {
  ada = await signUp(app.url);
});

const patch = (id: string, json: unknown, headers = {}) =>
  ada.api<TaskDto>(`/tasks/${id}`, { method: 'PATCH', json, headers });

const complete = (id: string, json?: unknown) =>
  ada.api<TaskDto>(`/tasks/${id}/complete`, { method: 'PATCH', json });

const reread = async (id: string) => (await ada.api<TaskDto>(`/tasks/${id}`)).body;

describe('patch', () => {
  it.each([
    ['title', 'Buy bread'],
    ['description', 'Three litres'],
    ['description', ''],
    ['priority', 'low'],
    ['due', '2026-12-25'],
    ['tags', ['home']],
    ['tags', ['a,"b"', 'NULL', 'home']],
    ['tags', ['HOME', 'NULL', 'a,"b"']],
    ['tags', []],
  ])('of %s to %j changes that, the version and updatedAt, and keeps the rest', async (...row) => {
    const [name, value] = row;
    const task = await ada.create(FIELDS);
    const { status, headers, body } = await patch(task.id, { [name]: value });
    expect(status).toBe(200);
    const changes = { [name]: value, version: 2, updatedAt: body.updatedAt };
    expect(body).toEqual(Object.assign({}, task, changes));
    expect(Date.parse(body.updatedAt)).toBeGreaterThan(Date.parse(task.updatedAt));
    expect(headers.get('etag')).toBe('"2"');
    expect(await reread(task.id)).toEqual(body);
  });

  it.each([
    ['description', null],
    ['completed', false],
    ['priority', 'none'],
    ['due', null],
    ['tags', []],
  ])(
    'with %s = null clears it to %j; when there is nothing to clear, nothing changes',
    async (...row) => {
      const [name, cleared] = row;
      const task = await ada.create(FIELDS);
      const { body } = await patch(task.id, { [name]: null });
      expect(body).toMatchObject({ [name]: cleared, title: task.title, version: 2 });
      expect((await patch(task.id, { [name]: null })).body).toEqual(body);
    },
  );

  it('cannot clear the title', async () => {
    const task = await ada.create();
    const { status, body } = await ada.api(`/tasks/${task.id}`, {
      method: 'PATCH',
      json: { title: null },
    });
    expect(status).toBe(422);
    expect(body.errors).toMatchObject([{ pointer: '/title', code: 'type' }]);
    expect(await reread(task.id)).toEqual(task);
  });

  it.each([
    { name: 'nothing', json: {} },
    { name: 'every field as it is', json: FIELDS },
    {
      name: 'texts that are the same once trimmed',
      json: { title: ' Buy milk\n', tags: ['home ', 'NULL', 'a,"b"'] },
    },
    { name: 'the same instant at another offset', json: { due: '2026-12-24T20:00:00+02:00' } },
  ])('of $name keeps version and updatedAt', async ({ json }) => {
    const task = await ada.create(FIELDS);
    const { status, headers, body } = await patch(task.id, json);
    expect([status, body, headers.get('etag')]).toEqual([200, task, '"1"']);
    expect(await reread(task.id)).toEqual(task);
  });

  it.each(['application/merge-patch+json', 'application/json', 'Application/JSON; charset=utf-8'])(
    'is read as %s',
    async (type) => {
      const { id } = await ada.create();
      const { status, body } = await patch(id, { title: 'Read' }, { 'content-type': type });
      expect([status, body.title]).toEqual([200, 'Read']);
    },
  );

  it('sends one statement, with the check of If-Match inside', async () => {
    const { id } = await ada.create();
    app.proxy.messages.length = 0;
    await patch(id, { title: 'One', tags: ['x'] }, { 'if-match': '"1"' });
    expect(app.proxy.roundTrips).toEqual(['S']);
  });

  it('changes all it names, or nothing', async () => {
    const task = await ada.create(FIELDS);
    const json = { title: 'Half', description: 'a', due: '2026-02-30' };
    expect((await patch(task.id, json)).status).toBe(422);
    expect(await reread(task.id)).toEqual(task);
  });

  it('of different fields at once loses none of them', async () => {
    const { id } = await ada.create();
    const changes = [{ title: 'a' }, { description: 'b' }, { priority: 'low' }, { tags: ['c'] }];
    const responses = await Promise.all(changes.map((json) => patch(id, json)));
    expect(responses.map(({ body }) => body.version).sort()).toEqual([2, 3, 4, 5]);
    const merged: unknown = Object.assign({ version: 5 }, ...changes);
    expect(await reread(id)).toMatchObject(merged as object);
  });
});

describe('completing', () => {
  it('by patch sets completedAt, keeps it when it is complete, and clears it', async () => {
    const task = await ada.create();
    const done = (await patch(task.id, { completed: true })).body;
    expect(done).toMatchObject({ completed: true, completedAt: done.updatedAt, version: 2 });
    const renamed = (await patch(task.id, { completed: true, title: 'New' })).body;
    expect(renamed).toMatchObject({ completedAt: done.completedAt, version: 3 });
    const open = (await patch(task.id, { completed: false })).body;
    expect(open).toMatchObject({ completed: false, completedAt: null, version: 4 });
  });

  it.each([
    { from: false, to: true },
    { from: true, to: false },
  ])('from $from to $to is set, and set again changes nothing', async ({ from, to }) => {
    const task = await ada.create({ completed: from });
    const { status, headers, body } = await complete(task.id, { completed: to });
    expect([status, headers.get('etag')]).toEqual([200, '"2"']);
    expect(body).toMatchObject({ completed: to, completedAt: to ? body.updatedAt : null });
    expect((await complete(task.id, { completed: to })).body).toEqual(body);
    expect(await reread(task.id)).toEqual(body);
  });

  it('without a body toggles, whether or not a media type is named', async () => {
    const { id } = await ada.create();
    expect((await complete(id)).body).toMatchObject({ completed: true, version: 2 });
    expect((await complete(id, '')).body).toMatchObject({ completed: false, version: 3 });
    expect((await complete(id)).body).toMatchObject({ completed: true, version: 4 });
  });

  it.each([
    'application/x-www-form-urlencoded',
    'text/plain; charset=utf-8',
    'application/octet-stream',
    'application/xml',
  ])('without content toggles, also when a client names the type %s', async (type) => {
    const { id } = await ada.create();
    const { status, body } = await ada.api<TaskDto>(`/tasks/${id}/complete`, {
      method: 'PATCH',
      headers: { 'content-type': type },
      json: '',
    });
    expect([status, body.completed]).toEqual([200, true]);
  });

  it('with null toggles', async () => {
    const { id } = await ada.create();
    expect((await complete(id, null)).body).toMatchObject({ completed: true, version: 2 });
    expect((await complete(id, null)).body).toMatchObject({ completed: false, version: 3 });
  });

  it('toggled eight times at once, is back where it was', async () => {
    const { id } = await ada.create();
    const responses = await Promise.all(Array.from({ length: 8 }, () => complete(id)));
    expect(responses.filter(({ body }) => body.completed)).toHaveLength(4);
    expect(await reread(id)).toMatchObject({ completed: false, version: 9 });
  });

  it.each([
    { json: {}, pointer: '/completed', code: 'required' },
    { json: { completed: null }, pointer: '/completed', code: 'type' },
    { json: { completed: 'true' }, pointer: '/completed', code: 'type' },
    { json: { completed: 1 }, pointer: '/completed', code: 'type' },
    { json: { completed: true, title: 'x' }, pointer: '/title', code: 'unknown' },
    { json: [], pointer: '', code: 'type' },
    { json: 'true', pointer: '', code: 'type' },
  ])('with $json is refused at $pointer: $code', async ({ json, pointer, code }) => {
    const task = await ada.create();
    const path = `/tasks/${task.id}/complete`;
    const { status, body } = await ada.api(path, { method: 'PATCH', json });
    expect(status).toBe(422);
    expect(body.errors).toMatchObject([{ pointer, code }]);
    expect(await reread(task.id)).toEqual(task);
  });
});
