import { beforeAll, describe, expect, it } from '@jest/globals';
import type { ProblemDto } from '../../src/problems/problem.dto.js';
import type { BatchResultDto, BatchResultsDto } from '../../src/tasks/task-batch.dto.js';
import type { TaskDto } from '../../src/tasks/task.dto.js';
import { startApp } from '../support/app.js';
import { type RequestOptions, send as plain, type TestUser } from '../support/client.js';
import { expectProblem } from '../support/problem.js';
import { processorTime } from '../support/processor-time.js';
import { useProxiedApp } from '../support/proxied-app.js';
import { mintUser, SECRET_MODE } from '../support/tokens.js';

const PATH = '/api/v1/tasks/batch';
const UNKNOWN_ID = '019aa1c4-6f2e-7c3a-9d51-2b8f4e6a7c90';

const app = useProxiedApp(SECRET_MODE);
let ada: TestUser;
let users = 0;

beforeAll(async () => {
  ada = await mintUser(app.url, 'ada');
});

const newUser = () => mintUser(app.url, `user-${String((users += 1))}`);

const send = <T = ProblemDto>(user: TestUser, json: unknown, options: RequestOptions = {}) =>
  user.api<T>('/tasks/batch', { method: 'POST', json, ...options });

const refused = (user: TestUser, ...operations: unknown[]) => send(user, { operations });

async function done(user: TestUser, operations: unknown[], options: object = {}) {
  const { status, body } = await send<BatchResultsDto>(user, { operations, ...options });
  expect([status, body]).toEqual([200, { results: expect.any(Array) }]);
  return body.results;
}

const create = (title: string, fields: object = {}) => ({
  op: 'create',
  task: { title, ...fields },
});
const update = (id: string, patch: object, ifMatch?: unknown) => ({
  op: 'update',
  id,
  patch,
  ...(ifMatch !== undefined && { ifMatch }),
});
const remove = (id: string, ifMatch?: unknown) => ({
  op: 'delete',
  id,
  ...(ifMatch !== undefined && { ifMatch }),
});
const read = (user: TestUser, id: string) => user.api<TaskDto>(`/tasks/${id}`);

function taskOf({ task }: BatchResultDto | undefined = { status: 204 }): TaskDto {
  if (task === undefined) throw new Error('This operation has no task.');
  return task;
}

/** As many tasks, created by one batch. */
async function createTasks(user: TestUser, count: number): Promise<TaskDto[]> {
  const operations = Array.from({ length: count }, (_, i) => create(`Task ${String(i)}`));
  return (await done(user, operations)).map(taskOf);
}

/** As many members, none of which is known. */
const names = (count: number) =>
  Array.from({ length: count }, (_, i) => `"a${String(i)}":0`).join();

/** Returns the errors as `pointer code`. */
async function failures(user: TestUser, json: unknown): Promise<string[]> {
  const response = await send(user, json);
  expectProblem(response, 422, 'validation_failed', PATH);
  return (response.body.errors ?? []).map(({ pointer = '', code }) => `${pointer} ${code}`);
}

describe('a batch', () => {
  it('does every kind of operation, and returns the results in order', async () => {
    const user = await newUser();
    const [first, second, third] = (await createTasks(user, 3)) as [TaskDto, TaskDto, TaskDto];
    const due = '2026-12-24T23:30:00+01:00';
    const response = await send<BatchResultsDto>(user, {
      operations: [
        remove(second.id),
        create(' New ', { completed: true, tags: [' a ', 'B'], priority: 'high', due }),
        update(third.id, { completed: true, due: '2026-12-24', description: null }),
        create('Last'),
        update(first.id.toUpperCase(), { title: 'Changed' }, '"1"'),
      ],
    });
    expect(response.status).toBe(200);
    for (const name of ['etag', 'location', 'link']) expect(response.headers.get(name)).toBeNull();
    expect(response.headers.get('cache-control')).toBe('private, no-store');
    const { results } = response.body;
    expect(results).toMatchObject([
      { status: 204 },
      {
        status: 201,
        task: {
          title: 'New',
          completed: true,
          completedAt: expect.any(String),
          tags: ['a', 'B'],
          priority: 'high',
          due: '2026-12-24T22:30:00.000Z',
          version: 1,
        },
      },
      { status: 200, task: { id: third.id, completed: true, due: '2026-12-24', version: 2 } },
      {
        status: 201,
        task: { title: 'Last', completedAt: null, tags: [], due: null, priority: 'none' },
      },
      { status: 200, task: { id: first.id, title: 'Changed', version: 2 } },
    ]);
    expect(results[0]).toEqual({ status: 204 });
    for (const { task } of results.slice(1)) {
      expect((await read(user, task?.id ?? '')).body).toEqual(task);
    }
    expect((await read(user, second.id)).status).toBe(404);
    expect((await user.list()).data).toHaveLength(4);
  });

  it('stores every text as it came, and keeps what a patch does not name', async () => {
    const text = `a ' " \\ \\n ? :x $1 {} \u0001 🥛\n\t;-- %`;
    const fields = { description: text, tags: [text, 'NULL', '{}', ','], due: '0001-01-01' };
    const [created] = await done(ada, [create(text, { ...fields, priority: 'low' })]);
    expect(created?.task).toMatchObject({ title: text, ...fields });
    const { id } = taskOf(created);
    const later = { due: '9999-12-31T23:59:59.999Z', tags: ['?', ...fields.tags] };
    const [updated] = await done(ada, [update(id, later)]);
    expect(updated?.task).toMatchObject({ title: text, ...fields, priority: 'low', ...later });
    const [kept] = await done(ada, [update(id, { title: 'x' })]);
    expect(kept?.task).toMatchObject({ ...fields, priority: 'low', ...later, title: 'x' });
    expect((await read(ada, id)).body).toEqual(kept?.task);
  });

  it('makes of null what a patch of one task makes of it', async () => {
    const fields = { description: 'x', tags: ['a'], due: '2026-12-24', priority: 'high' };
    const cleared = { description: null, tags: null, due: null, priority: null, completed: null };
    const [one, other] = [
      await ada.create({ ...fields, completed: true }),
      await ada.create({ ...fields, completed: true }),
    ];
    const single = await ada.api<TaskDto>(`/tasks/${one.id}`, { method: 'PATCH', json: cleared });
    const [result] = await done(ada, [update(other.id, cleared)]);
    const { id, position, createdAt } = other;
    const own = { id, position, createdAt, updatedAt: expect.any(String) };
    expect(result?.task).toEqual(Object.assign({}, single.body, own));
    expect(single.body).toMatchObject({
      completedAt: null,
      tags: [],
      priority: 'none',
      version: 2,
    });
  });

  it('makes no new version where nothing changes, and keeps the time of completion', async () => {
    const [one, two] = [
      await ada.create({ due: '2026-12-24T00:00:00Z', tags: ['a'] }),
      await ada.create({ completed: true }),
    ];
    const same = { title: ' Buy milk ', due: '2026-12-24T01:00:00+01:00', tags: ['a'] };
    const results = await done(ada, [
      update(one.id, same),
      update(two.id, { completed: true, title: 'Other' }),
    ]);
    expect(results[0]?.task).toEqual(one);
    expect(results[1]?.task).toMatchObject({ completedAt: two.completedAt, version: 2 });
    expect(await done(ada, [update(one.id, {})])).toEqual([{ status: 200, task: one }]);
  });

  it('with dryRun returns the same response and writes nothing', async () => {
    const user = await newUser();
    const [one, two] = (await createTasks(user, 2)) as [TaskDto, TaskDto];
    const operations = [create('New'), update(one.id, { title: 'y' }), remove(two.id)];
    const before = await user.list();
    const dry = await done(user, operations, { dryRun: true });
    expect(await user.list()).toEqual(before);
    const wet = await done(user, operations, { dryRun: false });
    const shape = (results: typeof wet) =>
      results.map(({ status, task }) => [status, task?.title, task?.version]);
    expect(shape(dry)).toEqual(shape(wet));
    const response = await send(user, { operations, dryRun: true });
    expectProblem(response, 404, 'task_not_found', PATH);
  });

  it('takes a hundred operations in at most six messages to PostgreSQL', async () => {
    const user = await newUser();
    const tasks = await createTasks(user, 60);
    const operations = [
      ...tasks.slice(0, 30).map(({ id }) => update(id, { title: 'Changed' }, '"1"')),
      ...tasks.slice(30).map(({ id }) => remove(id)),
      ...Array.from({ length: 40 }, (_, i) => create(`New ${String(i)}`)),
    ];
    app.proxy.messages.length = 0;
    const results = await done(user, operations);
    // begin, lock, insert, update, trash, commit
    expect(app.proxy.roundTrips).toEqual(['Q', 'S', 'S', 'S', 'S', 'Q']);
    expect(results.slice(60).map(({ task }) => task?.title)).toEqual(
      Array.from({ length: 40 }, (_, i) => `New ${String(i)}`),
    );
    expect((await user.list('?limit=200')).data).toHaveLength(70);
  });

  it('is kept under an Idempotency-Key, and its failures are not', async () => {
    const user = await newUser();
    const task = await user.create();
    const headers = { 'idempotency-key': 'batch-1' };
    const failing = { operations: [create('x'), remove(UNKNOWN_ID)] };
    expect((await send(user, failing, { headers })).status).toBe(404);
    const json = { operations: [create('x'), update(task.id, { title: 'y' })] };
    const first = await send<BatchResultsDto>(user, json, { headers });
    const again = await send<BatchResultsDto>(user, json, { headers });
    expect([first.status, again.status]).toEqual([200, 200]);
    expect(again.body).toEqual(first.body);
    expect(again.headers.get('idempotency-replayed')).toBe('true');
    const dry = { ...json, dryRun: true };
    const options = { headers: { 'idempotency-key': 'batch-2' } };
    expect((await send(user, dry, options)).status).toBe(200);
    expect((await user.list()).data).toHaveLength(2);
  });
});

describe('a batch of which something fails', () => {
  it('does nothing, and points at each operation that failed', async () => {
    const user = await newUser();
    const [one, two] = (await createTasks(user, 2)) as [TaskDto, TaskDto];
    const before = await user.list();
    const response = await refused(
      user,
      create('x'),
      update(one.id, { title: 'y' }),
      update(two.id, {}, '"2"'),
      remove(UNKNOWN_ID),
    );
    expectProblem(response, 412, 'precondition_failed', PATH);
    expect(response.body.errors).toEqual([
      {
        pointer: '/operations/2',
        code: 'precondition_failed',
        detail: 'The current version is "1".',
      },
      {
        pointer: '/operations/3',
        code: 'task_not_found',
        detail: 'There is no task with this id.',
      },
    ]);
    expect(await user.list()).toEqual(before);
    const other = await refused(user, remove(UNKNOWN_ID), remove(one.id, '"2"'));
    expectProblem(other, 404, 'task_not_found', PATH);
    expect(await user.list()).toEqual(before);
  });

  it('does not distinguish a task in the trash or of another user from an unknown one', async () => {
    const [user, eve] = [await newUser(), await newUser()];
    const [trashed, live] = (await createTasks(user, 2)) as [TaskDto, TaskDto];
    await done(user, [remove(trashed.id)]);
    const errorsOf = async (operations: unknown[]) => {
      const { status, body } = await refused(eve, ...operations);
      return Object.assign({}, body, { status, requestId: '' });
    };
    for (const operation of [
      (id: string) => update(id, { title: 'Taken' }),
      (id: string) => update(id, {}, '"1"'),
      (id: string) => remove(id),
      (id: string) => remove(id, '"7"'),
    ]) {
      const none = await errorsOf([create('x'), operation(UNKNOWN_ID)]);
      expect(none).toMatchObject({ status: 404, code: 'task_not_found' });
      expect(await errorsOf([create('x'), operation(live.id)])).toEqual(none);
      expect(await errorsOf([create('x'), operation(trashed.id)])).toEqual(none);
    }
    expect((await read(user, live.id)).body).toEqual(live);
    expect((await eve.list()).data).toEqual([]);
  });

  it.each(['"1"', '*', '"7", "1"', ' "1" ', 'W/"1", "1"'])(
    'is not one with ifMatch %s',
    async (tags) => {
      const [one, two] = [await ada.create(), await ada.create()];
      const results = await done(ada, [update(one.id, { title: 'x' }, tags), remove(two.id, tags)]);
      expect(results.map(({ status }) => status)).toEqual([200, 204]);
    },
  );

  it.each(['"2"', 'W/"1"', '"01"', '"é"'])('is one with ifMatch %s', async (tags) => {
    const task = await ada.create();
    for (const operation of [update(task.id, { title: 'x' }, tags), remove(task.id, tags)]) {
      expectProblem(await refused(ada, operation), 412, 'precondition_failed', PATH);
    }
    expect((await read(ada, task.id)).body).toEqual(task);
  });
});

describe('a batch with a weak ifMatch', () => {
  it('explains that a proxy weakened it', async () => {
    const { id } = await ada.create();
    const { body } = await refused(ada, remove(id, 'W/"1"'));
    expect(body.errors).toMatchObject([
      { pointer: '/operations/0', detail: expect.stringMatching(/a proxy weakened/) as unknown },
    ]);
  });
});

describe('two batches at the same time', () => {
  it('over the same tasks in opposite orders both come through', async () => {
    const user = await newUser();
    const tasks = await createTasks(user, 50);
    const round = (title: string, all: TaskDto[]) =>
      send(user, { operations: all.map(({ id }) => update(id, { title })) });
    const responses = await Promise.all(
      Array.from({ length: 10 }, (_, i) =>
        round(`Round ${String(i)}`, i % 2 === 0 ? tasks : tasks.toReversed()),
      ),
    );
    expect(responses.map(({ status }) => status)).toEqual(responses.map(() => 200));
    const { data } = await user.list('?limit=200');
    expect(data.map(({ version }) => version)).toEqual(data.map(() => 11));
    expect(new Set(data.map(({ title }) => title)).size).toBe(1);
  });

  it('with the same ifMatch: one wins', async () => {
    const user = await newUser();
    const tasks = await createTasks(user, 5);
    const responses = await Promise.all(
      Array.from({ length: 8 }, (_, i) =>
        send(user, {
          operations: tasks.map(({ id }) => update(id, { title: `By ${String(i)}` }, '"1"')),
        }),
      ),
    );
    expect(responses.map(({ status }) => status).sort()).toEqual([
      200,
      ...Array<number>(7).fill(412),
    ]);
  });
});

describe('the body of a batch', () => {
  it('lists every broken rule of every operation', async () => {
    const operations = [
      create('', { tags: ['ok', 'x'.repeat(51), 5], completed: 'yes', owner: 'eve' }),
      { op: 'upsert', id: 5, foo: 1 },
      { op: 'update', id: 'no-uuid', ifMatch: '3', patch: { title: null } },
      { op: 'delete', ifMatch: 3, patch: {} },
      7,
      null,
      [create('x')],
      'create',
      { op: 'create', task: [] },
      { op: 'update', id: UNKNOWN_ID.toUpperCase(), patch: 'x', ifMatch: null },
      remove(UNKNOWN_ID),
      { task: {} },
      {},
      { op: 'create' },
      { op: 'constructor' },
    ];
    expect(await failures(ada, { operations, dryRun: 'yes', owner: 'eve' })).toEqual([
      '/owner unknown',
      '/operations/10/id duplicate',
      '/operations/0/task/owner unknown',
      '/operations/0/task/title too_short',
      '/operations/0/task/completed type',
      '/operations/0/task/tags/2 element_type',
      '/operations/0/task/tags/1 element_too_long',
      '/operations/1/foo unknown',
      '/operations/1/op one_of',
      '/operations/2/id uuid',
      '/operations/2/ifMatch entity_tag',
      '/operations/2/patch/title type',
      '/operations/3/patch unknown',
      '/operations/3/id required',
      '/operations/3/ifMatch type',
      '/operations/4 type',
      '/operations/5 type',
      '/operations/6 type',
      '/operations/7 type',
      '/operations/8/task type',
      '/operations/9/ifMatch type',
      '/operations/9/patch type',
      '/operations/11/op required',
      '/operations/12/op required',
      '/operations/13/task required',
      '/operations/14/op one_of',
      '/dryRun type',
    ]);
  });

  it.each([
    { name: 'nothing', json: {}, code: 'required' },
    { name: 'null', json: { operations: null }, code: 'type' },
    { name: 'an object', json: { operations: { length: 1, 0: create('x') } }, code: 'type' },
    { name: 'a text', json: { operations: 'create' }, code: 'type' },
    { name: 'no operation', json: { operations: [] }, code: 'too_few' },
    {
      name: '101',
      json: { operations: Array.from({ length: 101 }, () => create('x')) },
      code: 'too_many',
    },
    { name: 'half a million', json: `{"operations":[${'0,'.repeat(500_000)}0]}`, code: 'too_many' },
  ])('with $name for its operations is refused', async ({ json, code }) => {
    expect(await failures(ada, json)).toEqual([`/operations ${code}`]);
  });

  it('refuses names that every object has, at every level', async () => {
    const names = '"__proto__":{"x":1},"constructor":{"name":"Object"},"prototype":1,"toString":1';
    const json = `{${names},"operations":[{"op":"create",${names},"task":{"title":"x",${names}}},
      {"op":{${names}}},{"op":"create","task":{"title":{${names}},"tags":[{${names}}]}}]}`;
    const found = ['__proto__', 'constructor', 'prototype', 'toString'];
    const at = (path: string) => found.map((name) => `${path}/${name} unknown`);
    expect(await failures(ada, json)).toEqual([
      ...at(''),
      ...at('/operations/0'),
      ...at('/operations/0/task'),
      '/operations/1/op one_of',
      '/operations/2/task/title type',
      '/operations/2/task/tags/0 element_type',
    ]);
    expect(Reflect.get({}, 'x')).toBeUndefined();
  });

  it.each([
    {
      name: 'many elements',
      json: `{"operations":[{"op":"create","task":{"tags":[${'0,'.repeat(400_000)}0]}}]}`,
    },
    { name: 'many names', json: `{"operations":[{"op":"create","task":{${names(80_000)}}}]}` },
    {
      name: 'many objects',
      json: `{"operations":[{"task":{"title":[${'{},'.repeat(300_000)}0]}}]}`,
    },
    {
      name: 'many rules',
      json: `{"operations":[${Array(100)
        .fill(`{${names(200)}}`)
        .join()}]}`,
    },
  ])('of $name is refused at once, and shortly', async ({ json }) => {
    const time = await processorTime(async () => {
      expect((await failures(ada, json)).length).toBeLessThanOrEqual(1_000);
    });
    expect(time).toBeLessThan(1_500);
  });

  it('may be 1 MiB, where those of other addresses may be 256 KiB', async () => {
    const description = 'x'.repeat(9_000);
    const hundred = { operations: Array.from({ length: 100 }, () => create('x', { description })) };
    expect(JSON.stringify(hundred).length).toBeGreaterThan(512 * 1024);
    expect((await send(await newUser(), hundred)).status).toBe(200);
    const json = JSON.stringify({ operations: [create('x')] }).padEnd(1024 * 1024 + 1);
    expectProblem(await send(ada, json), 413, 'payload_too_large', PATH);
    expect((await send(ada, json.slice(0, -1))).status).toBe(200);
    const elsewhere = JSON.stringify({ title: 'x' }).padEnd(256 * 1024 + 1);
    const single = await ada.api('/tasks', { method: 'POST', json: elsewhere });
    expectProblem(single, 413, 'payload_too_large', '/api/v1/tasks');
  });

  it.each(['', '[]', '{', 'null'])('%j is refused as elsewhere', async (json) => {
    const headers = { 'content-type': 'application/json' };
    const { status } = await send(ada, json, { headers });
    expect([400, 422]).toContain(status);
  });
});

describe('the address of a batch', () => {
  it('takes no query', async () => {
    const json = { operations: [create('x')] };
    const response = await ada.api('/tasks/batch?dryRun=true', { method: 'POST', json });
    expectProblem(response, 400, 'invalid_parameter', PATH);
  });

  it.each(['GET', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'])('knows no %s', async (method) => {
    const response = await ada.api('/tasks/batch', { method });
    expectProblem(response, 405, 'method_not_allowed', PATH);
    expect(response.headers.get('allow')).toBe('POST');
  });

  it('is closed without a token, whatever the body', async () => {
    const headers = { authorization: '' };
    expect((await send(ada, { operations: 5 }, { headers })).status).toBe(401);
  });
});

interface Document {
  readonly components: {
    readonly schemas: Record<string, { additionalProperties?: boolean }>;
  };
}

describe('the description of a batch', () => {
  it('allows no other members, like all bodies and unlike responses', async () => {
    const { schemas } = (await plain<Document>(`${app.url}/openapi.json`)).body.components;
    const isClosed = (name: string) => schemas[name]?.additionalProperties === false;
    const bodies = ['Batch', 'CreateOperation', 'UpdateOperation', 'DeleteOperation', 'CreateTask'];
    expect(bodies.filter((name) => !isClosed(name))).toEqual([]);
    expect(['Task', 'BatchResults', 'Problem'].filter(isClosed)).toEqual([]);
  });
});

describe('with REQUIRE_IF_MATCH=true', () => {
  it('each update and delete needs an ifMatch, and no create does', async () => {
    const strict = await startApp({ ...SECRET_MODE, REQUIRE_IF_MATCH: 'true' });
    try {
      const grace = await mintUser(strict.url, 'grace');
      const task = await grace.create();
      const response = await refused(grace, create('x'), update(task.id, {}), remove(UNKNOWN_ID));
      expectProblem(response, 428, 'precondition_required', PATH);
      expect(response.body.errors?.map(({ pointer, code }) => [pointer, code])).toEqual([
        ['/operations/1', 'precondition_required'],
        ['/operations/2', 'precondition_required'],
      ]);
      await done(grace, [create('x'), remove(task.id, '"1"')]);
    } finally {
      await strict.close();
    }
  });
});
