import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { TaskDto } from '../../src/tasks/task.dto.js';
import { startApp, useApp } from '../support/app.js';
import type { TestUser } from '../support/client.js';
import { asDatabaseOwner } from '../support/database.js';
import { createWithKey, newKey } from '../support/idempotency.js';
import { increases } from '../support/metrics.js';
import { expectProblem } from '../support/problem.js';
import { bareTask, RECURRING } from '../support/tasks.js';
import { mintUser, SECRET_MODE } from '../support/tokens.js';
import { wrongCounts } from '../support/usage.js';

const MEGABYTE = 1_000_000;
const TASKS = 40;

const QUOTA = { ...SECRET_MODE, QUOTA_TASKS: String(TASKS), QUOTA_MEGABYTES: '1' };

const app = useApp(QUOTA);
/** Another instance on the same database. */
const second = useApp(() => ({ ...QUOTA, DATABASE_URL: app.databaseUrl }));
let ada: TestUser;
let adaAtSecond: TestUser;
let eve: TestUser;
let users = 0;

beforeEach(async () => {
  users += 1;
  [ada, eve] = [
    await mintUser(app.url, `ada ${String(users)}`),
    await mintUser(app.url, `eve ${String(users)}`),
  ];
  adaAtSecond = await mintUser(second.url, ada.id);
});
afterEach(async () => {
  const wrong = await wrongCounts(app);
  if (wrong.length > 0) throw new Error(`wrong counts: ${JSON.stringify(wrong)}`);
});

const create = (user = ada, json: unknown = { title: 'Buy milk' }) =>
  user.api<TaskDto>('/tasks', { method: 'POST', json });
const patch = (id: string, json: unknown, user = ada) =>
  user.api<TaskDto>(`/tasks/${id}`, { method: 'PATCH', json });
const batch = (operations: unknown[], user = ada, dryRun = false) =>
  user.api('/tasks/batch', { method: 'POST', json: { operations, dryRun } });
const newTasks = (count: number, task: unknown = { title: 'Buy milk' }) =>
  Array.from({ length: count }, () => ({ op: 'create', task }));
const expectExceeded = (
  response: { status: number; body: unknown; headers: Headers },
  path: string,
) => expectProblem(response as Parameters<typeof expectProblem>[0], 403, 'quota_exceeded', path);

async function countOf({ id }: TestUser) {
  const [row] = await asDatabaseOwner(
    app,
    `select count(*)::int as tasks from task where owner_id = '${id}'`,
  );
  return row?.['tasks'];
}

/** Fills the quota of bytes but for some, in tasks that are near the longest ones. */
async function fill(left: number, user = ada): Promise<void> {
  for (let missing = MEGABYTE - left; missing > 0;) {
    const length = Math.min(missing, 39_900);
    const description = '😀'.repeat(Math.floor((length - 1) / 4)) + 'x'.repeat((length - 1) % 4);
    expect((await create(user, { title: 't', description })).status).toBe(201);
    missing -= length;
  }
}

describe('QUOTA_TASKS', () => {
  it('is exact, counts the trash, and is of one user alone', async () => {
    const { body: first } = await create();
    for (let count = 1; count < TASKS; count += 1) expect((await create()).status).toBe(201);
    expectExceeded(await create(), '/api/v1/tasks');
    await ada.api(`/tasks/${first.id}`, { method: 'DELETE' });
    expectExceeded(await create(adaAtSecond), '/api/v1/tasks');
    expect((await create(eve)).status).toBe(201);

    await ada.api(`/tasks/${first.id}?permanent=true`, { method: 'DELETE' });
    expect((await create(adaAtSecond)).status).toBe(201);
    expectExceeded(await create(), '/api/v1/tasks');
    expect(await countOf(ada)).toBe(TASKS);
  });

  it('lets everything else go on when it is used up', async () => {
    await batch(newTasks(TASKS));
    const { data } = await ada.list();
    const id = String(data[0]?.id);
    expect((await patch(id, { title: 'A longer title than before' })).status).toBe(200);
    expect((await ada.api(`/tasks/${id}/complete`, { method: 'PATCH' })).status).toBe(200);
    expect((await ada.api(`/tasks/${id}`, { method: 'DELETE' })).status).toBe(204);
    expect((await ada.api(`/tasks/${id}/restore`, { method: 'POST' })).status).toBe(200);
  });

  it.each(['alone', 'with keys', 'in batches'])(
    'is not passed by fifty creates at once at two instances: %s',
    async (way) => {
      const requests = Array.from({ length: 50 }, async (_, index) => {
        const [to, user] = index % 2 === 0 ? [app, ada] : [second, adaAtSecond];
        if (way === 'with keys') return (await createWithKey(to, user, newKey())).status;
        return way === 'alone'
          ? (await create(user)).status
          : (await batch(newTasks(3), user)).status;
      });
      const statuses = await Promise.all(requests);
      const size = way === 'in batches' ? 3 : 1;
      const written = statuses.filter((status) => status < 300);
      expect(written).toHaveLength(Math.floor(TASKS / size));
      expect(statuses.filter((status) => status === 403)).toHaveLength(50 - written.length);
      expect(await countOf(ada)).toBe(written.length * size);
    },
  );

  it('refuses a batch as a whole, at the operations without room, also in a dry run', async () => {
    await batch(newTasks(TASKS - 2));
    const operations = newTasks(4);
    for (const dryRun of [false, true]) {
      const response = await batch(operations, ada, dryRun);
      expectExceeded(response, '/api/v1/tasks/batch');
      expect(response.body.errors).toMatchObject([
        { pointer: '/operations/2', code: 'quota_exceeded' },
        { pointer: '/operations/3', code: 'quota_exceeded' },
      ]);
    }
    expect(await countOf(ada)).toBe(TASKS - 2);
  });

  it('keeps a recurring task open that has no room for the next one', async () => {
    const { id } = (await create(ada, { title: 'Water', ...RECURRING })).body;
    await batch(newTasks(TASKS - 1));
    const complete = () =>
      ada.api<TaskDto>(`/tasks/${id}/complete`, { method: 'PATCH', json: { completed: true } });
    expectExceeded(await complete(), `/api/v1/tasks/${id}/complete`);
    const [task, ...others] = (await ada.list('?hasDue=true')).data;
    expect([task?.completed, task?.version, others]).toEqual([false, 1, []]);
    const { data } = await ada.list('?hasDue=false');
    await ada.api(`/tasks/${String(data[0]?.id)}?permanent=true`, { method: 'DELETE' });
    expect((await complete()).body.nextTaskId).not.toBeNull();
  });

  it('keeps nothing of a request with a key that was refused', async () => {
    await batch(newTasks(TASKS));
    const key = newKey();
    expect(await createWithKey(app, ada, key)).toMatchObject({
      status: 403,
      code: 'quota_exceeded',
    });
    const { data } = await ada.list();
    await ada.api(`/tasks/${String(data[0]?.id)}?permanent=true`, { method: 'DELETE' });
    expect((await createWithKey(app, ada, key)).status).toBe(201);
  });
});

describe('QUOTA_MEGABYTES', () => {
  it('is exact in bytes of title, description and tags', async () => {
    await fill(10);
    const refused = await increases(app.url, async () => {
      expectExceeded(await create(ada, { title: '12345678901' }), '/api/v1/tasks');
    });
    expect(refused).toMatchObject({ 'taskward_quota_refused_total bytes': 1 });
    expectExceeded(await create(ada, { title: 'ä', description: '12345678 9' }), '/api/v1/tasks');
    expectExceeded(await create(ada, { title: '12345', tags: ['äö', 'bc'] }), '/api/v1/tasks');
    const { status, body } = await create(ada, { title: '1234', tags: ['äö', 'bc'] });
    expect(status).toBe(201);
    expect((await create(eve)).status).toBe(201);

    const path = `/api/v1/tasks/${body.id}`;
    expectExceeded(await patch(body.id, { title: '12345' }), path);
    expectExceeded(await patch(body.id, { tags: ['äö', 'bcd'] }), path);
    const json = { ...bareTask('12345'), tags: ['äö', 'bc'] };
    expectExceeded(await ada.api(`/tasks/${body.id}`, { method: 'PUT', json }), path);
    expect((await ada.api<TaskDto>(`/tasks/${body.id}`)).body).toEqual(body);
  });

  it('allows what makes a text no longer, and then as much again', async () => {
    await fill(4);
    const { id } = (await create(ada, { title: 'abcd' })).body;
    expect((await patch(id, { title: 'dcba', priority: 'high' })).status).toBe(200);
    expect((await patch(id, { title: 'ab' })).status).toBe(200);
    expect((await patch(id, { title: 'ab', description: 'cd' })).status).toBe(200);
    expectExceeded(await patch(id, { description: 'cde' }), `/api/v1/tasks/${id}`);
    expect((await patch(id, { title: 'abcd', description: null })).body).toMatchObject({
      version: 5,
    });
  });

  it('is not passed by many that write at once', async () => {
    const tasks = await Promise.all([1, 2, 3, 4, 5, 6, 7, 8].map(() => create()));
    await fill(20 + 8 * 'Buy milk'.length);
    const grow = tasks.map(({ body }, index) =>
      patch(body.id, { title: 'Buy milk 12345' }, index % 2 === 0 ? ada : adaAtSecond),
    );
    const statuses = (await Promise.all(grow)).map(({ status }) => status).sort();
    expect(statuses).toEqual([200, 200, 200, 403, 403, 403, 403, 403]);
  });

  it('refuses a batch at what adds text, and counts what it removes', async () => {
    await fill(10);
    const { id } = (await create(ada, { title: '1234567890' })).body;
    const grow = { op: 'update', id, patch: { title: '12345678901' } };
    const complete = { op: 'update', id, patch: { completed: true } };
    const response = await batch([grow]);
    expectExceeded(response, '/api/v1/tasks/batch');
    expect(response.body.errors).toMatchObject([
      { pointer: '/operations/0', code: 'quota_exceeded' },
    ]);
    const created = await batch([complete, ...newTasks(1, { title: 'x' })]);
    expect(created.body.errors?.map(({ pointer }) => pointer)).toContain('/operations/1');
    const shrink = { op: 'update', id, patch: { title: '12345' } };
    expect((await batch([...newTasks(1, { title: 'abcde' }), shrink])).status).toBe(200);
  });
});

describe('a quota that was changed', () => {
  it('allows all but more, when it was lowered', async () => {
    await batch(newTasks(10, { title: 'Buy milk', description: 'x'.repeat(9000) }));
    const lowered = await startApp({ ...QUOTA, DATABASE_URL: app.databaseUrl, QUOTA_TASKS: '5' });
    try {
      const user = await mintUser(lowered.url, ada.id);
      expectExceeded(await create(user), '/api/v1/tasks');
      const id = String((await user.list()).data[0]?.id);
      expect((await patch(id, { title: 'Milk' }, user)).status).toBe(200);
      for (let left = 10; left > 4; left -= 1) {
        const [task] = (await user.list()).data;
        await user.api(`/tasks/${String(task?.id)}?permanent=true`, { method: 'DELETE' });
      }
      expect((await create(user)).status).toBe(201);
      expectExceeded(await create(user), '/api/v1/tasks');
      // The instances disagree while the change is rolled out: each goes by its own.
      expect((await create()).status).toBe(201);
      expectExceeded(await create(user), '/api/v1/tasks');
    } finally {
      await lowered.close();
    }
  });

  it('is none with 0', async () => {
    await batch(newTasks(TASKS));
    const unlimited = await startApp({
      ...SECRET_MODE,
      DATABASE_URL: app.databaseUrl,
      QUOTA_TASKS: '0',
      QUOTA_MEGABYTES: '0',
    });
    try {
      expect((await create(await mintUser(unlimited.url, ada.id))).status).toBe(201);
    } finally {
      await unlimited.close();
    }
  });
});

describe('kept responses to idempotency keys', () => {
  const use = (responses: number, bytes: number) =>
    asDatabaseOwner(
      app,
      `update usage set responses = responses + ${String(responses)}, response_bytes = response_bytes + ${String(bytes)}
        where owner_id = '${ada.id}' and slot = 0`,
    );

  it.each([
    { what: 'number', responses: 100_000, bytes: 0 },
    { what: 'bytes', responses: 0, bytes: 50_000_000 },
  ])('are limited in $what: a new key is refused with its change', async ({ responses, bytes }) => {
    const key = newKey();
    const first = await createWithKey(app, ada, key);
    await use(responses, bytes);
    const refused = await increases(app.url, async () => {
      const response = await createWithKey(app, ada, newKey());
      expect(response).toMatchObject({ status: 403, code: 'quota_exceeded' });
    });
    expect(refused).toMatchObject({ 'taskward_quota_refused_total idempotency_keys': 1 });
    expect(await countOf(ada)).toBe(1);
    const again = await createWithKey(app, ada, key);
    expect([again.status, again.text]).toEqual([201, first.text]);
    expect((await create()).status).toBe(201);
    expect((await createWithKey(app, eve, newKey())).status).toBe(201);
    await use(-responses, -bytes);
    expect((await createWithKey(app, ada, newKey())).status).toBe(201);
  });
});
