import { beforeAll, describe, expect, it } from '@jest/globals';
import type { TaskDto } from '../../src/tasks/task.dto.js';
import { useApp } from '../support/app.js';
import { signUp, type TestUser } from '../support/client.js';

const UNKNOWN_ID = '0199c0de-0000-7000-8000-000000000000';

const app = useApp();
let ada: TestUser;
let grace: TestUser;

beforeAll(async () => {
  [ada, grace] = await Promise.all([signUp(app.url), signUp(app.url, 'grace')]);
});

describe('create', () => {
  it('returns 201 with the whole task, its ETag and its address', async () => {
    const { status, headers, body } = await ada.api<TaskDto>('/tasks', {
      method: 'POST',
      json: { title: '  Buy milk 🥛 ', tags: [' Home ', 'errand'], priority: 'high' },
    });
    expect(status).toBe(201);
    expect(body).toEqual({
      id: expect.stringMatching(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-/),
      title: 'Buy milk 🥛',
      description: null,
      completed: false,
      completedAt: null,
      priority: 'high',
      due: null,
      tags: ['Home', 'errand'],
      listId: null,
      parentId: null,
      recurrence: null,
      seriesId: null,
      position: expect.stringMatching(/^y[0-9a-f]{25}$/),
      createdAt: expect.stringMatching(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/),
      updatedAt: body.createdAt,
      version: 1,
    });
    expect(headers.get('etag')).toBe('"1"');
    expect(headers.get('location')).toBe(`/api/v1/tasks/${body.id}`);
    expect(headers.get('cache-control')).toBe('private, no-store');
    expect((await ada.api<TaskDto>(`/tasks/${body.id}`)).body).toEqual(body);
  });

  it('needs a title and nothing else', async () => {
    const { status, body } = await ada.api<TaskDto>('/tasks', {
      method: 'POST',
      json: { title: 'a' },
    });
    expect(status).toBe(201);
    expect(body).toMatchObject({ description: null, priority: 'none', due: null, tags: [] });
  });

  it.each(['none', 'low', 'medium', 'high'])('takes the priority %s', async (priority) => {
    const { id } = await ada.create({ priority });
    expect((await ada.api<TaskDto>(`/tasks/${id}`)).body.priority).toBe(priority);
  });

  it('of a completed task sets completedAt', async () => {
    const task = await ada.create({ completed: true });
    expect(task).toMatchObject({ completed: true, completedAt: task.createdAt, version: 1 });
  });
});

describe('get', () => {
  it('returns 200 with the task and its ETag, cacheable until it changes', async () => {
    const task = await ada.create({ due: '2026-12-24' });
    const { status, headers, body } = await ada.api<TaskDto>(`/tasks/${task.id}`);
    expect([status, body]).toEqual([200, task]);
    expect(headers.get('etag')).toBe('"1"');
    expect(headers.get('cache-control')).toBe('private, no-cache');
  });

  it('finds an id written in capitals', async () => {
    const task = await ada.create();
    const { body } = await ada.api<TaskDto>(`/tasks/${task.id.toUpperCase()}`);
    expect(body).toEqual(task);
  });

  it.each([
    { name: 'no UUID', id: 'abc' },
    { name: 'a UUID and more', id: `${UNKNOWN_ID}0` },
    { name: 'braces', id: `{${UNKNOWN_ID}}` },
    { name: 'no hyphens', id: UNKNOWN_ID.replaceAll('-', '') },
    { name: 'an encoded slash', id: `${UNKNOWN_ID}%2Fcomplete` },
    { name: 'NUL', id: '%00' },
    { name: '600 characters', id: 'a'.repeat(600) },
  ])('refuses an id of $name with 400', async ({ id }) => {
    const { status, body } = await ada.api(`/tasks/${id}`);
    expect([status, body.code]).toEqual([400, 'invalid_id']);
  });
});

describe('delete', () => {
  it('returns 204 without a body; from then on the task is gone', async () => {
    const task = await ada.create();
    const deleted = await ada.api<string>(`/tasks/${task.id}`, { method: 'DELETE' });
    expect([deleted.status, deleted.body]).toEqual([204, '']);

    const again = await ada.api(`/tasks/${task.id}`, { method: 'DELETE' });
    const got = await ada.api(`/tasks/${task.id}`);
    const json = { title: 'back' };
    const patched = await ada.api(`/tasks/${task.id}`, { method: 'PATCH', json });
    const completed = await ada.api(`/tasks/${task.id}/complete`, { method: 'PATCH' });
    for (const { status, body } of [again, got, patched, completed]) {
      expect([status, body.code]).toEqual([404, 'task_not_found']);
    }
    const { data } = await ada.list('?limit=200');
    expect(data.map(({ id }) => id)).not.toContain(task.id);
  });
});

describe("somebody else's task", () => {
  it.each([
    ['GET', '', undefined],
    ['PATCH', '', { title: 'mine now' }],
    ['PATCH', '', {}],
    ['PATCH', '/complete', undefined],
    ['PATCH', '/complete', { completed: true }],
    ['DELETE', '', undefined],
  ])('gets the response of an unknown one on %s %s %j, and is unchanged', async (...row) => {
    const [method, path, json] = row;
    const task = await ada.create();
    for (const headers of [{}, { 'if-match': '"1"' }, { 'if-match': '"9"' }, { 'if-match': '*' }]) {
      const [theirs, unknown] = await Promise.all(
        [task.id, UNKNOWN_ID].map(async (id) => {
          const response = await grace.api(`/tasks/${id}${path}`, { method, json, headers });
          const { requestId, ...body } = response.body;
          expect(response.headers.get('x-request-id')).toBe(requestId);
          const kept = [...response.headers].filter(
            ([name]) => name !== 'x-request-id' && name !== 'date',
          );
          return [response.status, kept, { ...body, instance: body.instance.replace(id, '…') }];
        }),
      );
      expect(theirs).toEqual(unknown);
      expect(theirs?.[0]).toBe(404);
    }
    expect((await ada.api<TaskDto>(`/tasks/${task.id}`)).body).toEqual(task);
    expect((await grace.list()).data).toEqual([]);
  });
});

describe('a query parameter where there are none', () => {
  it.each([
    { method: 'POST', path: '' },
    { method: 'GET', path: '/:id' },
    { method: 'PUT', path: '/:id' },
    { method: 'PATCH', path: '/:id' },
    { method: 'PATCH', path: '/:id/complete' },
    { method: 'POST', path: '/:id/restore' },
  ])('is refused, not ignored: $method $path', async ({ method, path }) => {
    const task = await ada.create();
    const { status, body } = await ada.api(`/tasks${path.replace(':id', task.id)}?permanent=true`, {
      method,
      ...(method !== 'GET' && {
        json: path.endsWith('complete') ? { completed: true } : { title: 'x' },
      }),
    });
    expect([status, body.code]).toEqual([400, 'invalid_parameter']);
    expect(body.errors).toEqual([
      { parameter: 'permanent', code: 'unknown', detail: 'permanent is not recognized' },
    ]);
    expect((await ada.api<TaskDto>(`/tasks/${task.id}`)).body).toEqual(task);
  });
});
