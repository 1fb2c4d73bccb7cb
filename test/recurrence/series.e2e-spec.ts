import { beforeEach, describe, expect, it } from '@jest/globals';
import type { TaskDto } from '../../src/tasks/task.dto.js';
import { useApp } from '../support/app.js';
import type { TestUser } from '../support/client.js';
import type { ProblemDto } from '../../src/problems/problem.dto.js';
import { brokenRules, createList } from '../support/places.js';
import { mintUser, SECRET_MODE } from '../support/tokens.js';

const app = useApp(SECRET_MODE);
let ada: TestUser;

beforeEach(async () => {
  ada = await mintUser(app.url, `ada ${crypto.randomUUID()}`);
});

/** Every day, in a time zone whose day is that of UTC. */
const DAILY = { rule: 'FREQ=DAILY', timeZone: 'UTC', basis: 'due' } as const;
const FAR = '2999-01-01';

const daily = (fields: object = {}) =>
  ada.create({ title: 'Water the plants', due: FAR, recurrence: DAILY, ...fields });
const patch = (id: string, json: object, headers = {}) =>
  ada.api<TaskDto>(`/tasks/${id}`, { method: 'PATCH', json, headers });
const complete = (id: string, completed = true, query = '') =>
  ada.api<TaskDto>(`/tasks/${id}/complete${query}`, { method: 'PATCH', json: { completed } });
const skip = (id: string, headers = {}) =>
  ada.api<TaskDto & ProblemDto>(`/tasks/${id}/skip`, { method: 'POST', headers });
const read = async (id: string | null | undefined) =>
  (await ada.api<TaskDto>(`/tasks/${String(id)}`)).body;
const all = async () => (await ada.list('?sort=createdAt')).data;

describe('a recurrence', () => {
  it('is null by default, and so is the series', async () => {
    const task = await ada.create({ title: 'Once' });
    expect([task.recurrence, task.seriesId]).toEqual([null, null]);
    expect(task).not.toHaveProperty('nextTaskId');
  });

  it('is stored as it was sent, with the basis due by default, and begins a series', async () => {
    const { rule, timeZone } = DAILY;
    const task = await daily({ recurrence: { rule, timeZone } });
    expect(task.recurrence).toEqual(DAILY);
    expect(task.seriesId).toBe(task.id);
    expect(await read(task.id)).toEqual(task);
  });

  it('is merged by PATCH, kept by a PUT that leaves it out, and replaced by one that has it', async () => {
    const { id, ...task } = await daily({ recurrence: { ...DAILY, basis: 'completion' } });
    const merged = await patch(id, { recurrence: { rule: 'FREQ=WEEKLY' } });
    expect(merged.body.recurrence).toEqual({ ...DAILY, rule: 'FREQ=WEEKLY', basis: 'completion' });
    const { title, description, completed, priority, due, tags } = task;
    const fields = { title, description, completed, priority, due, tags };
    const put = (json: object) => ada.api<TaskDto>(`/tasks/${id}`, { method: 'PUT', json });
    expect((await put(fields)).body).toEqual(merged.body);
    const { rule, timeZone } = DAILY;
    const replaced = await put({ ...fields, recurrence: { rule, timeZone } });
    expect(replaced.body.recurrence).toEqual(DAILY);
    expect((await put({ ...fields, recurrence: null })).body).toMatchObject({
      recurrence: null,
      seriesId: null,
    });
  });

  it('leaves the version as it is when nothing changes', async () => {
    const task = await daily();
    const same = { recurrence: DAILY, due: task.due };
    expect((await patch(task.id, same)).body).toEqual(task);
    expect((await patch(task.id, { recurrence: {} })).body).toEqual(task);
  });

  it.each<{ name: string; json: object; pointer: string; code: string }>([
    {
      name: 'without a due',
      json: { due: null },
      pointer: '/due',
      code: 'required',
    },
    {
      name: 'without a time zone',
      json: { recurrence: { rule: 'FREQ=DAILY' } },
      pointer: '/recurrence/timeZone',
      code: 'required',
    },
    {
      name: 'that is no rule',
      json: { recurrence: { ...DAILY, rule: 'every day' } },
      pointer: '/recurrence/rule',
      code: 'recurrence_rule',
    },
    {
      name: 'that never matches',
      json: { recurrence: { ...DAILY, rule: 'FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30' } },
      pointer: '/recurrence/rule',
      code: 'never',
    },
    {
      name: 'in no time zone',
      json: { recurrence: { ...DAILY, timeZone: 'Mars/Olympus' } },
      pointer: '/recurrence/timeZone',
      code: 'time_zone',
    },
    {
      name: 'of another basis',
      json: { recurrence: { ...DAILY, basis: 'mood' } },
      pointer: '/recurrence/basis',
      code: 'one_of',
    },
    { name: 'that is text', json: { recurrence: 'daily' }, pointer: '/recurrence', code: 'type' },
    { name: 'that is a list', json: { recurrence: [DAILY] }, pointer: '/recurrence', code: 'type' },
    {
      name: 'with a member that it does not have',
      json: { recurrence: { ...DAILY, start: FAR } },
      pointer: '/recurrence/start',
      code: 'unknown',
    },
  ])('$name is refused with its pointer, alone and in a batch', async ({ json, pointer, code }) => {
    const task = { title: 'Water the plants', due: FAR, recurrence: DAILY, ...json };
    const created = await ada.api('/tasks', { method: 'POST', json: task });
    expect(brokenRules(created)).toEqual([422, `${pointer} ${code}`]);
    const batch = { operations: [{ op: 'create', task }] };
    const refused = await ada.api('/tasks/batch', { method: 'POST', json: batch });
    expect(brokenRules(refused)).toEqual([422, `/operations/0/task${pointer} ${code}`]);
    expect(await all()).toEqual([]);
  });

  it('that a patch would leave without a due or a rule is refused, and nothing is changed', async () => {
    const task = await daily();
    expect(brokenRules(await patch(task.id, { due: null, title: 'New' }))).toEqual([
      422,
      '/due required',
    ]);
    const once = await ada.create({ title: 'Once' });
    expect(brokenRules(await patch(once.id, { recurrence: {} }))).toEqual([
      422,
      '/due required',
      '/recurrence/rule required',
      '/recurrence/timeZone required',
    ]);
    expect(await read(task.id)).toEqual(task);
    expect((await patch(task.id, { due: null, recurrence: null })).status).toBe(200);
  });
});

describe('completing a task with a recurrence', () => {
  it('creates the next one with a copy of what it is, at the end and without subtasks', async () => {
    const list = await createList(ada);
    const parent = await ada.create({ title: 'Household', listId: list.id });
    const fields = { description: 'All of them', priority: 'high', tags: ['home'] };
    const task = await daily({ ...fields, parentId: parent.id });
    await ada.create({ title: 'The fern', parentId: task.id });
    const sibling = await ada.create({ title: 'Sweep', parentId: parent.id });
    const { status, body } = await complete(task.id);
    expect(status).toBe(200);
    expect(body).toMatchObject({ completed: true, due: FAR, version: 2 });
    const next = await read(body.nextTaskId);
    expect(next).toMatchObject({
      ...fields,
      title: 'Water the plants',
      completed: false,
      completedAt: null,
      due: '2999-01-02',
      listId: list.id,
      parentId: parent.id,
      recurrence: DAILY,
      seriesId: task.id,
      version: 1,
    });
    expect(next.position > sibling.position).toBe(true);
    expect((await ada.list(`?parent=${next.id}`)).data).toEqual([]);
    const third = await read((await complete(next.id)).body.nextTaskId);
    expect(third).toMatchObject({ due: '2999-01-03', seriesId: task.id });
  });

  it.each<{ name: string; completing: (id: string) => Promise<TaskDto | undefined> }>([
    { name: 'complete', completing: async (id) => (await complete(id)).body },
    {
      name: 'complete without a body',
      completing: async (id) =>
        (await ada.api<TaskDto>(`/tasks/${id}/complete`, { method: 'PATCH' })).body,
    },
    { name: 'PATCH', completing: async (id) => (await patch(id, { completed: true })).body },
    {
      name: 'PUT',
      completing: async (id) => {
        const json = { title: 'Water', description: null, priority: 'none', due: FAR, tags: [] };
        const body = { ...json, completed: true };
        return (await ada.api<TaskDto>(`/tasks/${id}`, { method: 'PUT', json: body })).body;
      },
    },
    {
      name: 'a batch',
      completing: async (id) => {
        const operations = [
          { op: 'create', task: { title: 'Another' } },
          { op: 'update', id, patch: { completed: true } },
        ];
        const json = { operations };
        const { body } = await ada.api<{ results: { task: TaskDto }[] }>('/tasks/batch', {
          method: 'POST',
          json,
        });
        return body.results[1]?.task;
      },
    },
    {
      name: 'complete with its subtasks',
      completing: async (id) => (await complete(id, true, '?subtasks=complete')).body,
    },
  ])('by $name has the id of the next one in its answer', async ({ completing }) => {
    const { id } = await daily();
    const task = await completing(id);
    expect(task?.completed).toBe(true);
    expect(await read(task?.nextTaskId)).toMatchObject({ due: '2999-01-02', seriesId: id });
    expect(await read(id)).not.toHaveProperty('nextTaskId');
  });

  it('creates the next one once, however often it is completed and reopened', async () => {
    const { id } = await daily();
    const first = (await complete(id)).body.nextTaskId;
    expect((await complete(id)).body.nextTaskId).toBe(first);
    await patch(String(first), { title: 'Changed' });
    for (let i = 0; i < 3; i += 1) {
      await complete(id, false);
      expect((await complete(id)).body.nextTaskId).toBe(first);
    }
    expect(await all()).toHaveLength(2);
  });

  it('at the same time creates one next task', async () => {
    const { id } = await daily();
    const responses = await Promise.all(Array.from({ length: 12 }, () => complete(id)));
    expect(new Set(responses.map(({ status }) => status))).toEqual(new Set([200]));
    expect(new Set(responses.map(({ body }) => body.nextTaskId)).size).toBe(1);
    expect(await all()).toHaveLength(2);
  });

  it('is null for the next one at the end of the series', async () => {
    const rule = 'FREQ=DAILY;COUNT=2';
    const { id } = await daily({ recurrence: { ...DAILY, rule } });
    const { nextTaskId } = (await complete(id)).body;
    const last = await complete(String(nextTaskId));
    expect(last.body).toMatchObject({ completed: true, nextTaskId: null, due: '2999-01-02' });
    expect(await all()).toHaveLength(2);
  });

  it('goes on from today, when it is late', async () => {
    const today = new Date().toISOString().slice(0, 10);
    const { id } = await daily({ due: '2001-01-01' });
    const next = await read((await complete(id)).body.nextTaskId);
    // Midnight may pass between the two.
    expect([today, new Date().toISOString().slice(0, 10)]).toContain(next.due);
  });

  it('with the basis completion counts from the day of completing', async () => {
    const recurrence = { ...DAILY, rule: 'FREQ=DAILY;INTERVAL=10', basis: 'completion' };
    const { id } = await daily({ due: '2001-01-01T08:30:00Z', recurrence });
    const tenDaysLater = () => new Date(Date.now() + 864e6).toISOString().slice(0, 10);
    const before = tenDaysLater();
    const next = await read((await complete(id)).body.nextTaskId);
    expect([before, tenDaysLater()].map((day) => `${day}T08:30:00.000Z`)).toContain(next.due);
  });

  it('below a task that is completed with its subtasks creates the next ones, too', async () => {
    const parent = await ada.create({ title: 'Household' });
    const children = [await daily({ parentId: parent.id }), await daily({ parentId: parent.id })];
    const done = await daily({ parentId: parent.id });
    await complete(done.id);
    const { body } = await complete(parent.id, true, '?subtasks=complete');
    expect(body).not.toHaveProperty('nextTaskId');
    const below = (await ada.list(`?parent=${parent.id}&sort=createdAt&completed=false`)).data;
    // Also the next one of the one that had been completed before is completed, and has a next one.
    expect(below.map(({ due }) => due).sort()).toEqual(['2999-01-02', '2999-01-02', '2999-01-03']);
    const seriesIds = [...children, done].map(({ id }) => id);
    expect(below.map(({ seriesId }) => String(seriesId)).sort()).toEqual(seriesIds.sort());
  });

  it('that is created completed creates its next one at once', async () => {
    const task = await daily({ completed: true });
    expect(await read(task.nextTaskId)).toMatchObject({ due: '2999-01-02', seriesId: task.id });
  });

  it('under a stale If-Match changes nothing', async () => {
    const { id } = await daily();
    const stale = { method: 'PATCH', json: { completed: true }, headers: { 'if-match': '"9"' } };
    expect((await ada.api(`/tasks/${id}`, stale)).status).toBe(412);
    expect(await all()).toHaveLength(1);
  });
});

describe('reopening', () => {
  it('removes a next task that nobody has changed, for good', async () => {
    const { id } = await daily();
    const { nextTaskId } = (await complete(id)).body;
    const reopened = await complete(id, false);
    expect(reopened.body).toMatchObject({ completed: false, recurrence: DAILY });
    expect(reopened.body).not.toHaveProperty('nextTaskId');
    expect((await ada.api(`/tasks/${String(nextTaskId)}`)).status).toBe(404);
    expect((await ada.list('?trashed=true')).data).toEqual([]);
    const again = (await complete(id)).body.nextTaskId;
    expect(again).not.toBe(nextTaskId);
    expect(await read(again)).toMatchObject({ due: '2999-01-02' });
  });

  it.each<{ name: string; change: (id: string) => Promise<unknown> }>([
    { name: 'was changed', change: (id) => patch(id, { title: 'Changed' }) },
    { name: 'has a subtask', change: (id) => ada.create({ title: 'Fern', parentId: id }) },
    { name: 'was completed', change: (id) => complete(id) },
    { name: 'is in the trash', change: (id) => ada.api(`/tasks/${id}`, { method: 'DELETE' }) },
  ])('keeps a next task that $name', async ({ change }) => {
    const { id } = await daily();
    const nextTaskId = String((await complete(id)).body.nextTaskId);
    await change(nextTaskId);
    await patch(id, { completed: false });
    const kept = [...(await all()), ...(await ada.list('?trashed=true')).data];
    expect(kept.map((task) => task.id)).toContain(nextTaskId);
  });
});

describe('a due that is set by hand', () => {
  it('begins the count anew, and a title does not', async () => {
    const recurrence = { ...DAILY, rule: 'FREQ=DAILY;COUNT=2' };
    const { id } = await daily({ recurrence });
    const second = String((await complete(id)).body.nextTaskId);
    await patch(second, { title: 'The last one' });
    expect((await skip(second)).body.code).toBe('series_ended');
    await patch(second, { due: '2999-02-01' });
    expect((await skip(second)).body.due).toBe('2999-02-02');
    expect((await skip(second)).body.code).toBe('series_ended');
  });

  it('stays of the same series', async () => {
    const { id } = await daily();
    const second = String((await complete(id)).body.nextTaskId);
    expect((await patch(second, { due: '2999-02-01' })).body.seriesId).toBe(id);
    const ended = await patch(second, { recurrence: null });
    expect(ended.body).toMatchObject({ recurrence: null, seriesId: null });
    const anew = await patch(second, { recurrence: DAILY });
    expect(anew.body.seriesId).toBe(second);
  });
});

describe('a time of day', () => {
  it('is kept in the time zone when clocks go forward, and found again on the next day', async () => {
    // On 2999-03-31 clocks go from 02:00 to 03:00 in Berlin.
    const recurrence = { ...DAILY, timeZone: 'Europe/Berlin' };
    const { id } = await daily({ due: '2999-03-30T02:30:00+01:00', recurrence });
    const dues: (string | null)[] = [];
    for (let current = id; dues.length < 3;) {
      current = String((await complete(current)).body.nextTaskId);
      dues.push((await read(current)).due);
    }
    expect(dues).toEqual([
      '2999-03-31T01:30:00.000Z',
      '2999-04-01T00:30:00.000Z',
      '2999-04-02T00:30:00.000Z',
    ]);
  });
});

describe('skip', () => {
  it('moves due to the next date, without completing', async () => {
    const task = await daily();
    const skipped = await skip(task.id);
    const { updatedAt } = skipped.body;
    const moved = { due: '2999-01-02', version: 2, updatedAt };
    expect(skipped.body).toEqual(Object.assign(task, moved));
    expect(skipped.headers.get('etag')).toBe('"2"');
    expect(await all()).toEqual([skipped.body]);
  });

  it('honours If-Match and Idempotency-Key', async () => {
    const { id } = await daily();
    expect((await skip(id, { 'if-match': '"9"' })).status).toBe(412);
    const key = { 'idempotency-key': crypto.randomUUID() };
    const [first, repeated] = [await skip(id, key), await skip(id, key)];
    expect(repeated.body).toEqual(first.body);
    expect(repeated.headers.get('idempotency-replayed')).toBe('true');
  });

  it.each<{ name: string; fields: object; done?: boolean }>([
    {
      name: 'at the end of the series',
      fields: { recurrence: { ...DAILY, rule: 'FREQ=DAILY;COUNT=1' } },
    },
    { name: 'of a task that does not repeat', fields: { recurrence: null } },
    { name: 'of a completed task', fields: {}, done: true },
  ])('is refused $name', async ({ fields, done = false }) => {
    const { id } = await daily(fields);
    if (done) await complete(id);
    const { status, body } = await skip(id);
    expect([status, body.code]).toEqual([409, 'series_ended']);
  });
});

describe('occurrences', () => {
  const occurrences = async (id: string, query = '') =>
    ada.api<ProblemDto & { data: string[] }>(`/tasks/${id}/occurrences${query}`);

  it('begin with the present due', async () => {
    const { id } = await daily();
    expect((await occurrences(id, '?limit=3')).body).toEqual({
      data: ['2999-01-01', '2999-01-02', '2999-01-03'],
    });
    expect((await occurrences(id)).body.data).toHaveLength(50);
    expect((await occurrences(id, '?limit=1000')).body.data).toHaveLength(1_000);
  });

  it('are those from one date to before another', async () => {
    const { id } = await daily();
    const { body } = await occurrences(id, '?from=2999-01-03&to=2999-01-05');
    expect(body).toEqual({ data: ['2999-01-03', '2999-01-04'] });
    const before = await occurrences(id, '?to=2999-01-01');
    expect(before.body).toEqual({ data: [] });
  });

  it('are none of a task that does not repeat', async () => {
    const { id } = await ada.create({ title: 'Once', due: FAR });
    expect((await occurrences(id)).body).toEqual({ data: [] });
  });

  it.each([
    ['limit=0', 'limit', 'range'],
    ['limit=1001', 'limit', 'range'],
    ['from=tomorrow', 'from', 'due'],
    ['to=2999-02-30', 'to', 'due'],
    ['from=2999-01-01&to=3099-01-01', 'to', 'too_many'],
  ])('with %s are refused at %s', async (query, parameter, code) => {
    const { id } = await daily();
    const { status, body } = await occurrences(id, `?${query}`);
    expect([status, body.code]).toEqual([400, 'invalid_parameter']);
    expect(body.errors).toMatchObject([{ parameter, code }]);
  });

  it('of a task that is not there are not found', async () => {
    const { id } = await daily();
    await ada.api(`/tasks/${id}`, { method: 'DELETE' });
    expect((await occurrences(id)).body.code).toBe('task_not_found');
    expect((await skip(id)).body.code).toBe('task_not_found');
  });
});
