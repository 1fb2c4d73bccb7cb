import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, it } from '@jest/globals';
import type { TaskDto } from '../../src/tasks/task.dto.js';
import { useApp } from '../support/app.js';
import type { TestUser } from '../support/client.js';
import { useOwner } from '../support/database.js';
import { expectProblem } from '../support/problem.js';
import { bareTask } from '../support/tasks.js';
import { mintUser, SECRET_MODE } from '../support/tokens.js';

const app = useApp(SECRET_MODE);
let ada: TestUser;

beforeAll(async () => {
  ada = await mintUser(app.url, 'ada');
});

/** The id of a task at version 2. */
async function createSecond(isTrashed = false): Promise<string> {
  const { id } = await ada.create();
  const json = isTrashed ? undefined : { title: 'Second' };
  await ada.api(`/tasks/${id}`, { method: isTrashed ? 'DELETE' : 'PATCH', json });
  return id;
}

const query = useOwner(() => app);
const stored = (id: string) => query('select * from task where id = $1', [id]);

const NAMING = ['"2"', 'W/"2"', '*', ' * ', '"1", "2"', '"1",W/"2"', ',"2",,', '"a,b", "2"'];
const NOT_NAMING = ['"1"', '"3"', 'W/"1"', '"02"', '"2.0"', '""', '"*"', '"1,2"', '"é"'];
const MALFORMED = ['', '2', '"2', '2"', 'w/"2"', '"2" "3"', '*, "2"', '*,*', "'2'", '"a b"'];

describe.each(['GET', 'HEAD'])('%s of a task', (method) => {
  const read = (id: string, headers = {}) => ada.api<TaskDto>(`/tasks/${id}`, { method, headers });

  it('returns an ETag, to be revalidated before each use', async () => {
    const { status, headers } = await read(await createSecond());
    expect(status).toBe(200);
    expect(headers.get('etag')).toBe('"2"');
    expect(headers.get('cache-control')).toBe('private, no-cache');
  });

  it.each(NAMING)('with If-None-Match %s is 304, without a body', async (ifNoneMatch) => {
    const response = await read(await createSecond(), { 'if-none-match': ifNoneMatch });
    expect([response.status, response.body]).toEqual([304, '']);
    expect(Object.fromEntries(response.headers)).toMatchObject({
      etag: '"2"',
      'cache-control': 'private, no-cache',
      'x-request-id': expect.any(String),
    });
    expect(response.headers.get('content-type')).toBeNull();
  });

  it.each(NOT_NAMING)('with If-None-Match %s is 200', async (ifNoneMatch) => {
    const { status, headers } = await read(await createSecond(), { 'if-none-match': ifNoneMatch });
    expect([status, headers.get('etag')]).toEqual([200, '"2"']);
  });

  it.each(MALFORMED)('with If-None-Match %j is 400', async (ifNoneMatch) => {
    const { status } = await read(await createSecond(), { 'if-none-match': ifNoneMatch });
    expect(status).toBe(400);
  });

  it.each(['"2"', '*', ' * ', '"1", "2"', 'W/"1","2"', ',"2",,'])(
    'with If-Match %s is 200',
    async (ifMatch) => {
      const { status, headers } = await read(await createSecond(), { 'if-match': ifMatch });
      expect([status, headers.get('etag')]).toEqual([200, '"2"']);
    },
  );

  it('explains for a weak tag of the current version that a proxy weakened it', async () => {
    const { id, version } = await ada.create();
    const { status, body } = await ada.api(`/tasks/${id}`, {
      headers: { 'if-match': `W/"${String(version)}"` },
    });
    expect([status, body.detail]).toEqual([412, expect.stringMatching(/a proxy weakened/)]);
  });

  it.each(['"1"', '"3"', 'W/"2"', '"1", W/"2"', '"02"', '""', '"*"'])(
    'with If-Match %s is 412 with the current ETag',
    async (ifMatch) => {
      const response = await read(await createSecond(), { 'if-match': ifMatch });
      expect([response.status, response.headers.get('etag')]).toEqual([412, '"2"']);
    },
  );

  it.each(MALFORMED)('with If-Match %j is 400', async (ifMatch) => {
    expect((await read(await createSecond(), { 'if-match': ifMatch })).status).toBe(400);
  });

  it.each([
    { ifMatch: '"2"', ifNoneMatch: '"2"', status: 304 },
    { ifMatch: '"2"', ifNoneMatch: '"1"', status: 200 },
    { ifMatch: '"1"', ifNoneMatch: '"2"', status: 412 },
    { ifMatch: '"1"', ifNoneMatch: '"1"', status: 412 },
    { ifMatch: '*', ifNoneMatch: '*', status: 304 },
  ])(
    'with If-Match $ifMatch and If-None-Match $ifNoneMatch is $status',
    async ({ ifMatch, ifNoneMatch, status }) => {
      const headers = { 'if-match': ifMatch, 'if-none-match': ifNoneMatch };
      expect((await read(await createSecond(), headers)).status).toBe(status);
    },
  );

  it.each(['"1"', '"2"', '*'])('of none that is there is 404 for all If-Match %s', async (tag) => {
    expect((await read(await createSecond(true), { 'if-match': tag })).status).toBe(404);
    expect((await read(randomUUID(), { 'if-match': tag })).status).toBe(404);
  });

  it.each(['"2"', '*'])('that is in the trash is 404, for all If-None-Match %s', async (tag) => {
    expect((await read(await createSecond(true), { 'if-none-match': tag })).status).toBe(404);
  });
});

describe('If-None-Match', () => {
  it('that cannot be read is named', async () => {
    const id = await createSecond();
    const response = await ada.api(`/tasks/${id}`, { headers: { 'if-none-match': '2' } });
    expectProblem(response, 400, 'invalid_header', `/api/v1/tasks/${id}`);
    expect(response.body.errors).toMatchObject([{ header: 'If-None-Match', code: 'entity_tag' }]);
  });

  it('follows the task: each change makes it 200 once', async () => {
    const { id } = await ada.create();
    let etag = '"1"';
    const read = () => ada.api<TaskDto>(`/tasks/${id}`, { headers: { 'if-none-match': etag } });
    for (const title of ['one', 'two']) {
      expect((await read()).status).toBe(304);
      await ada.api(`/tasks/${id}`, { method: 'PATCH', json: { title } });
      const { status, headers, body } = await read();
      expect([status, body.title]).toEqual([200, title]);
      etag = headers.get('etag') ?? '';
    }
    expect((await read()).status).toBe(304);
  });

  it('means nothing to a list or a create', async () => {
    const headers = { 'if-none-match': '*' };
    expect((await ada.api('/tasks', { headers })).status).toBe(200);
    const json = { title: 'x' };
    expect((await ada.api('/tasks', { method: 'POST', json, headers })).status).toBe(201);
  });
});

const ALL = bareTask('New');

describe.each<{
  name: string;
  method: string;
  suffix: string;
  json: unknown;
  done: number;
  isTrashed: boolean;
}>([
  { name: 'put', method: 'PUT', suffix: '', json: ALL, done: 200, isTrashed: false },
  {
    name: 'put of the same',
    method: 'PUT',
    suffix: '',
    json: { ...ALL, title: 'Second' },
    done: 200,
    isTrashed: false,
  },
  {
    name: 'patch',
    method: 'PATCH',
    suffix: '',
    json: { title: 'New' },
    done: 200,
    isTrashed: false,
  },
  { name: 'patch of nothing', method: 'PATCH', suffix: '', json: {}, done: 200, isTrashed: false },
  {
    name: 'complete',
    method: 'PATCH',
    suffix: '/complete',
    json: { completed: true },
    done: 200,
    isTrashed: false,
  },
  {
    name: 'toggle',
    method: 'PATCH',
    suffix: '/complete',
    json: undefined,
    done: 200,
    isTrashed: false,
  },
  { name: 'delete', method: 'DELETE', suffix: '', json: undefined, done: 204, isTrashed: false },
  {
    name: 'permanent delete',
    method: 'DELETE',
    suffix: '?permanent=true',
    json: undefined,
    done: 204,
    isTrashed: false,
  },
  {
    name: 'permanent delete from the trash',
    method: 'DELETE',
    suffix: '?permanent=true',
    json: undefined,
    done: 204,
    isTrashed: true,
  },
  {
    name: 'restore',
    method: 'POST',
    suffix: '/restore',
    json: undefined,
    done: 200,
    isTrashed: true,
  },
])('If-None-Match on $name', ({ method, suffix, json, done, isTrashed }) => {
  const write = (id: string, headers: Record<string, string>) =>
    ada.api(`/tasks/${id}${suffix}`, { method, json, headers });

  it.each(NAMING)('of %s is 412 with the current ETag, and nothing changes', async (tags) => {
    const id = await createSecond(isTrashed);
    const before = await stored(id);
    const response = await write(id, { 'if-none-match': tags });
    const path = `/api/v1/tasks/${id}${suffix.replace(/\?.*/, '')}`;
    expectProblem(response, 412, 'precondition_failed', path);
    expect(response.headers.get('etag')).toBe('"2"');
    expect(await stored(id)).toEqual(before);
  });

  it.each(NOT_NAMING)('of %s lets it be done', async (tags) => {
    const id = await createSecond(isTrashed);
    expect((await write(id, { 'if-none-match': tags })).status).toBe(done);
  });

  it.each(MALFORMED)('of %j is 400, and nothing changes', async (tags) => {
    const id = await createSecond(isTrashed);
    const before = await stored(id);
    const { status, body } = await write(id, { 'if-none-match': tags });
    expect([status, body.code]).toEqual([400, 'invalid_header']);
    expect(await stored(id)).toEqual(before);
  });

  it.each([
    { ifMatch: '"2"', ifNoneMatch: '"1"', status: done },
    { ifMatch: '*', ifNoneMatch: '"1"', status: done },
    { ifMatch: '"2"', ifNoneMatch: '"2"', status: 412 },
    { ifMatch: '"1"', ifNoneMatch: '"1"', status: 412 },
    { ifMatch: '"2"', ifNoneMatch: '*', status: 412 },
    { ifMatch: '*', ifNoneMatch: '*', status: 412 },
  ])(
    'beside If-Match: $ifMatch, of $ifNoneMatch is $status',
    async ({ ifMatch, ifNoneMatch, status }) => {
      const id = await createSecond(isTrashed);
      const response = await write(id, { 'if-match': ifMatch, 'if-none-match': ifNoneMatch });
      expect(response.status).toBe(status);
    },
  );
});
