import { beforeAll, describe, expect, it } from '@jest/globals';
import type { TaskDto } from '../../src/tasks/task.dto.js';
import type { TestUser } from '../support/client.js';
import { expectProblem } from '../support/problem.js';
import { useProxiedApp } from '../support/proxied-app.js';
import { bareTask } from '../support/tasks.js';
import { mintUser, SECRET_MODE } from '../support/tokens.js';

const ALL = {
  title: 'Buy bread',
  description: 'One loaf',
  completed: true,
  priority: 'high',
  due: '2026-12-24',
  tags: ['home', 'NULL', 'a,"b"'],
};
const BARE = bareTask('Bare');
const NAMES = Object.keys(ALL);

const app = useProxiedApp(SECRET_MODE);
let ada: TestUser;

beforeAll(async () => {
  ada = await mintUser(app.url, 'ada');
});

const put = <T = TaskDto>(id: string, json: unknown, headers = {}) =>
  ada.api<T>(`/tasks/${id}`, { method: 'PUT', json, headers });

const reread = async (id: string) => (await ada.api<TaskDto>(`/tasks/${id}`)).body;

const without = (name: string, fields: object = ALL) =>
  Object.fromEntries(Object.entries(fields).filter(([key]) => key !== name));

describe('put', () => {
  it.each([
    { name: 'everything', from: BARE, to: ALL },
    { name: 'nothing but a title', from: ALL, to: BARE },
  ])('writes $name, a new version and updatedAt, and nothing else', async ({ from, to }) => {
    const task = await ada.create(from);
    const { status, headers, body } = await put(task.id, to);
    expect([status, headers.get('etag'), headers.get('location')]).toEqual([200, '"2"', null]);
    const { updatedAt } = body;
    const changes = { ...to, completedAt: to.completed ? updatedAt : null, updatedAt, version: 2 };
    expect(body).toEqual(Object.assign({}, task, changes));
    expect(Date.parse(body.updatedAt)).toBeGreaterThan(Date.parse(task.updatedAt));
    expect(await reread(task.id)).toEqual(body);
  });

  it('keeps when the task was completed', async () => {
    const task = await ada.create(ALL);
    const { body } = await put(task.id, { ...ALL, title: 'New' });
    expect(body).toMatchObject({ completedAt: task.completedAt, version: 2 });
  });

  it.each([
    { name: 'the same', json: ALL },
    {
      name: 'what is the same once trimmed',
      json: { ...ALL, title: ' Buy bread ', tags: [' home', ...ALL.tags.slice(1)] },
    },
  ])('of $name is no new version', async ({ json }) => {
    const task = await ada.create(ALL);
    const { status, headers, body } = await put(task.id, json);
    expect([status, body, headers.get('etag')]).toEqual([200, task, '"1"']);
    expect(await reread(task.id)).toEqual(task);
  });

  it.each(NAMES)('without %s wipes nothing, but is refused', async (name) => {
    const task = await ada.create(ALL);
    const response = await put<never>(task.id, without(name, BARE));
    expectProblem(response, 422, 'validation_failed', `/api/v1/tasks/${task.id}`);
    expect(response.body).toMatchObject({ errors: [{ pointer: `/${name}`, code: 'required' }] });
    expect(await reread(task.id)).toEqual(task);
  });

  it('lists all that is missing', async () => {
    const task = await ada.create(ALL);
    const { body } = await put<{ errors: object[] }>(task.id, {});
    const missing = NAMES.map((name) => ({
      pointer: `/${name}`,
      code: 'required',
      detail: `${name} is required`,
    }));
    expect(body.errors).toHaveLength(NAMES.length);
    expect(body.errors).toEqual(expect.arrayContaining(missing));
  });

  it.each([
    { name: 'title', value: null, code: 'type' },
    { name: 'title', value: ' ', code: 'too_short' },
    { name: 'title', value: 'a'.repeat(256), code: 'too_long' },
    { name: 'title', value: 'a\0', code: 'unicode' },
    { name: 'description', value: 5, code: 'type' },
    { name: 'description', value: 'a'.repeat(10_001), code: 'too_long' },
    { name: 'completed', value: null, code: 'type' },
    { name: 'completed', value: 'true', code: 'type' },
    { name: 'priority', value: null, code: 'one_of' },
    { name: 'priority', value: 'urgent', code: 'one_of' },
    { name: 'due', value: '2026-02-30', code: 'due' },
    { name: 'due', value: '', code: 'due' },
    { name: 'tags', value: null, code: 'type' },
    { name: 'tags', value: ['a', 'A'], code: 'duplicate' },
    { name: 'id', value: '0199f000-aaaa-7bbb-8ccc-ddddeeeeffff', code: 'unknown' },
    { name: 'version', value: 1, code: 'unknown' },
    { name: 'completedAt', value: null, code: 'unknown' },
    { name: 'ownerId', value: 'eve', code: 'unknown' },
    { name: 'constructor', value: 1, code: 'unknown' },
  ])('with $name = $value is refused: $code', async ({ name, value, code }) => {
    const task = await ada.create(ALL);
    const { status, body } = await put<object>(task.id, { ...BARE, [name]: value });
    expect([status, body]).toMatchObject([422, { errors: [{ pointer: `/${name}`, code }] }]);
    expect(await reread(task.id)).toEqual(task);
  });

  it.each(['[]', 'null', '"x"'])('of %s is refused', async (json) => {
    const { id } = await ada.create();
    expect((await put(id, json)).status).toBe(422);
  });

  it('is no merge patch', async () => {
    const task = await ada.create();
    const response = await put<never>(task.id, ALL, {
      'content-type': 'application/merge-patch+json',
    });
    expectProblem(response, 415, 'unsupported_media_type', `/api/v1/tasks/${task.id}`);
    expect(await reread(task.id)).toEqual(task);
  });

  it.each([
    { name: 'no body', query: '', json: undefined, status: 400, code: 'invalid_json' },
    {
      name: 'a parameter',
      query: '?permanent=true',
      json: ALL,
      status: 400,
      code: 'invalid_parameter',
    },
  ])('with $name is $status', async ({ query, json, status, code }) => {
    const { id } = await ada.create();
    const response = await ada.api(`/tasks/${id}${query}`, { method: 'PUT', json });
    expect([response.status, response.body.code]).toEqual([status, code]);
  });

  it('makes no task: what is not there, or is in the trash, is 404', async () => {
    const trashed = await ada.create();
    await ada.api(`/tasks/${trashed.id}`, { method: 'DELETE' });
    for (const id of [trashed.id, '0199f000-aaaa-7bbb-8ccc-ddddeeeeffff']) {
      for (const headers of [{}, { 'if-match': '"2"' }, { 'if-none-match': '*' }]) {
        const response = await put<never>(id, ALL, headers);
        expectProblem(response, 404, 'task_not_found', `/api/v1/tasks/${id}`);
      }
    }
  });

  it('sends one statement, with the checks of its preconditions inside', async () => {
    const { id } = await ada.create();
    app.proxy.messages.length = 0;
    await put(id, ALL, { 'if-match': '"1"', 'if-none-match': '"2"' });
    expect(app.proxy.roundTrips).toEqual(['S']);
    expect(await reread(id)).toMatchObject({ ...ALL, version: 2 });
  });

  it('of several at once leaves what the last one wrote, whole', async () => {
    const { id } = await ada.create();
    const bodies = Array.from({ length: 20 }, (_, i) => ({
      ...ALL,
      title: `t${String(i)}`,
      description: `t${String(i)}`,
      tags: [`t${String(i)}`],
    }));
    const responses = await Promise.all(bodies.map((json) => put(id, json)));
    expect(responses.map(({ body }) => body.version).sort((a, b) => a - b)).toEqual(
      bodies.map((_, i) => i + 2),
    );
    const last = responses.find(({ body }) => body.version === 21);
    expect(await reread(id)).toEqual(last?.body);
    expect(last?.body).toMatchObject({ title: last?.body.description, tags: [last?.body.title] });
  });
});
