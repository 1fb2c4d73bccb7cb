import { beforeAll, describe, expect, it } from '@jest/globals';
import type { TaskDto } from '../../src/tasks/task.dto.js';
import { useApp } from '../support/app.js';
import type { TestUser } from '../support/client.js';
import { withOwner } from '../support/database.js';
import { expectProblem } from '../support/problem.js';
import { mintUser, SECRET_MODE } from '../support/tokens.js';

const app = useApp(SECRET_MODE);
let ada: TestUser;

beforeAll(async () => {
  ada = await mintUser(app.url, 'ada');
});

const FIELDS = { description: 'Two litres', completed: true, priority: 'low', tags: ['home'] };
const MADE_UP = '0199f000-aaaa-7bbb-8ccc-ddddeeeeffff';

const remove = (id: string, query = '') => ada.api(`/tasks/${id}${query}`, { method: 'DELETE' });
const restore = <T = TaskDto>(id: string, options = {}) =>
  ada.api<T>(`/tasks/${id}/restore`, { method: 'POST', ...options });

async function createTrashed(): Promise<TaskDto> {
  const task = await ada.create(FIELDS);
  await remove(task.id);
  return task;
}

const stored = (id: string) =>
  withOwner(app.databaseUrl, async (client) => {
    const sql = 'select deleted_at is not null as trashed, version from task where id = $1';
    return (await client.query<object>(sql, [id])).rows;
  });

describe('a task in the trash', () => {
  it.each([
    { method: 'GET', suffix: '', json: undefined },
    { method: 'HEAD', suffix: '', json: undefined },
    { method: 'PATCH', suffix: '', json: { title: 'x' } },
    { method: 'PATCH', suffix: '', json: {} },
    { method: 'PATCH', suffix: '/complete', json: undefined },
    { method: 'DELETE', suffix: '', json: undefined },
    { method: 'DELETE', suffix: '?permanent=false', json: undefined },
  ])('is 404 to $method $suffix', async ({ method, suffix, json }) => {
    const { id } = await createTrashed();
    expect((await ada.api(`/tasks/${id}${suffix}`, { method, json })).status).toBe(404);
    expect(await stored(id)).toEqual([{ trashed: true, version: 2 }]);
  });
});

describe('restore', () => {
  it('takes a task out of the trash, as it was, in a new version', async () => {
    const task = await createTrashed();
    const { status, headers, body } = await restore(task.id);
    expect([status, headers.get('etag')]).toEqual([200, '"3"']);
    expect(headers.get('location')).toBeNull();
    expect(headers.get('cache-control')).toBe('private, no-store');
    const changes = { version: 3, updatedAt: body.updatedAt };
    expect(body).toEqual(Object.assign({}, task, changes));
    expect(Date.parse(body.updatedAt)).toBeGreaterThan(Date.parse(task.updatedAt));
    expect((await ada.api<TaskDto>(`/tasks/${task.id}`)).body).toEqual(body);
    expect((await ada.list()).data).toContainEqual(body);
  });

  it('is 404 for what is not in the trash', async () => {
    const task = await ada.create();
    for (const id of [task.id, MADE_UP]) {
      for (const headers of [{}, { 'if-match': '"1"' }, { 'if-match': '"9"' }]) {
        const response = await restore<never>(id, { headers });
        expectProblem(response, 404, 'task_not_found', `/api/v1/tasks/${id}/restore`);
      }
    }
    expect((await ada.api<TaskDto>(`/tasks/${task.id}`)).body).toEqual(task);
  });

  it('again is 404', async () => {
    const { id } = await createTrashed();
    expect((await restore(id)).status).toBe(200);
    expect((await restore(id)).status).toBe(404);
    expect(await stored(id)).toEqual([{ trashed: false, version: 3 }]);
  });

  it('needs no body, and looks at none', async () => {
    for (const options of [{ json: {} }, { json: '', headers: { 'content-type': 'text/plain' } }]) {
      const { id } = await createTrashed();
      expect((await restore(id, options)).status).toBe(200);
    }
  });

  it('takes no parameter', async () => {
    const { id } = await createTrashed();
    const { status, body } = await ada.api(`/tasks/${id}/restore?x=1`, { method: 'POST' });
    expect([status, body.code]).toEqual([400, 'invalid_parameter']);
    expect(await stored(id)).toEqual([{ trashed: true, version: 2 }]);
  });

  it('of the one task at once is done once', async () => {
    const { id } = await createTrashed();
    const responses = await Promise.all(Array.from({ length: 10 }, () => restore(id)));
    const statuses = responses.map(({ status }) => status).sort();
    expect(statuses).toEqual([200, ...Array<number>(9).fill(404)]);
    expect(await stored(id)).toEqual([{ trashed: false, version: 3 }]);
  });

  it('with an Idempotency-Key can be sent again', async () => {
    const { id } = await createTrashed();
    const headers = { 'idempotency-key': 'restore-once' };
    const [first, second] = [await restore(id, { headers }), await restore(id, { headers })];
    expect([second.status, second.body]).toEqual([200, first.body]);
    expect([first, second].map((response) => response.headers.get('idempotency-replayed'))).toEqual(
      [null, 'true'],
    );
    expect(second.headers.get('etag')).toBe('"3"');
  });
});

describe('delete', () => {
  it.each(['', '?permanent=false'])('%s moves to the trash, and again is 404', async (query) => {
    const { id } = await ada.create();
    const { status, body, headers } = await remove(id, query);
    expect([status, body, headers.get('content-type')]).toEqual([204, '', null]);
    expect(await stored(id)).toEqual([{ trashed: true, version: 2 }]);
    const again = await remove(id, query);
    expectProblem(again, 404, 'task_not_found', `/api/v1/tasks/${id}`);
    expect((await restore(id)).status).toBe(200);
  });

  it.each([
    { name: 'list', create: () => ada.create() },
    { name: 'trash', create: createTrashed },
  ])('?permanent=true removes a task for good, from the $name', async ({ create }) => {
    const [{ id }, other] = [await create(), await ada.create()];
    const { status, body } = await remove(id, '?permanent=true');
    expect([status, body]).toEqual([204, '']);
    expect(await stored(id)).toEqual([]);
    expect(await stored(other.id)).toEqual([{ trashed: false, version: 1 }]);
    const again = await remove(id, '?permanent=true');
    expectProblem(again, 404, 'task_not_found', `/api/v1/tasks/${id}`);
    expect((await restore(id)).status).toBe(404);
  });

  it.each([
    { query: 'permanent=', parameter: 'permanent', code: 'type' },
    { query: 'permanent', parameter: 'permanent', code: 'type' },
    { query: 'permanent=1', parameter: 'permanent', code: 'type' },
    { query: 'permanent=yes', parameter: 'permanent', code: 'type' },
    { query: 'permanent=TRUE', parameter: 'permanent', code: 'type' },
    { query: 'permanent=true%20', parameter: 'permanent', code: 'type' },
    { query: 'permanent=true&permanent=true', parameter: 'permanent', code: 'type' },
    { query: 'permanent=false&permanent=true', parameter: 'permanent', code: 'type' },
    { query: 'permanent[]=true', parameter: 'permanent[]', code: 'unknown' },
    { query: 'Permanent=true', parameter: 'Permanent', code: 'unknown' },
    { query: 'permanent=true&force=true', parameter: 'force', code: 'unknown' },
    { query: 'constructor=true', parameter: 'constructor', code: 'unknown' },
  ])('?$query is 400, and nothing is deleted', async ({ query, parameter, code }) => {
    const { id } = await ada.create();
    const response = await remove(id, `?${query}`);
    expectProblem(response, 400, 'invalid_parameter', `/api/v1/tasks/${id}`);
    expect(response.body.errors).toMatchObject([{ parameter, code }]);
    expect(await stored(id)).toEqual([{ trashed: false, version: 1 }]);
  });
});
