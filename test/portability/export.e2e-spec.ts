import { randomUUID } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import ICAL from 'ical.js';
import { parse } from 'csv-parse/sync';
import { ExportService } from '../../src/portability/export.service.js';
import { TasksRepository } from '../../src/tasks/tasks.repository.js';
import type { TaskDto } from '../../src/tasks/task.dto.js';
import { useApp } from '../support/app.js';
import { send, type TestUser } from '../support/client.js';
import { useOwner } from '../support/database.js';
import { createToken, withToken } from '../support/personal-tokens.js';
import { createList } from '../support/places.js';
import { expectProblem } from '../support/problem.js';
import { mintUser, SECRET_MODE } from '../support/tokens.js';

const app = useApp(SECRET_MODE);
const owner = useOwner(() => app);
let ada: TestUser;

beforeEach(async () => {
  ada = await mintUser(app.url, randomUUID());
});
afterEach(() => {
  jest.restoreAllMocks();
});

interface Exported {
  readonly tasks: readonly Record<string, unknown>[];
  readonly lists: readonly Record<string, unknown>[];
}

const PATH = '/api/v1/export';

const exported = async (user = ada) => (await user.api<Exported>('/export')).body;
const exportedText = async (format: string) =>
  (await ada.api<string>(`/export?format=${format}`)).body;

/** Makes tasks of a user beside the API. */
const fill = (id: string, count: number, characters: number) =>
  owner(
    `insert into task (owner_id, id, title, description)
     select $1, gen_random_uuid(), 'Task ' || n, repeat('x', $3) from generate_series(1, $2) as n`,
    [id, count, characters],
  );

const complete = (id: string) => ada.api(`/tasks/${id}/complete`, { method: 'PATCH' });
const trash = (path: string) => ada.api(path, { method: 'DELETE' });

describe('GET /export', () => {
  it('is a JSON file of everything by default', async () => {
    const list = await createList(ada, { name: 'Household', color: '#3366cc' });
    const parent = await ada.create({
      title: 'Clean "all"',
      description: 'two\nlines',
      priority: 'high',
      due: '2026-12-24',
      tags: ['home', 'a,b'],
      listId: list.id,
    });
    await ada.create({ title: 'Windows', parentId: parent.id });
    const { headers, body } = await ada.api<Exported & Record<string, unknown>>('/export');
    expect(headers.get('content-type')).toBe('application/json; charset=utf-8');
    expect(headers.get('content-disposition')).toMatch(
      /^attachment; filename="taskward-\d{4}-\d\d-\d\d\.json"$/,
    );
    expect(headers.get('cache-control')).toBe('private, no-store');
    expect(body).toMatchObject({ format: 'taskward', version: 1 });
    expect(body.lists).toEqual([
      {
        id: list.id,
        name: 'Household',
        color: '#3366cc',
        archived: false,
        position: list.position,
        createdAt: list.createdAt,
        trashed: false,
      },
    ]);
    expect(body.tasks[0]).toEqual({
      id: parent.id,
      title: 'Clean "all"',
      description: 'two\nlines',
      completedAt: null,
      priority: 'high',
      due: '2026-12-24',
      tags: ['home', 'a,b'],
      listId: list.id,
      parentId: null,
      position: parent.position,
      recurrence: null,
      series: null,
      nextTaskId: null,
      createdAt: parent.createdAt,
      trashed: false,
      trashedWith: null,
    });
    expect(body.tasks[1]).toMatchObject({ title: 'Windows', parentId: parent.id });
  });

  it('has series with their state and the next task', async () => {
    const recurrence = { rule: 'FREQ=DAILY;COUNT=3', timeZone: 'Europe/Berlin', basis: 'due' };
    const first = await ada.create({ due: '2027-03-01T08:00:00Z', recurrence });
    await complete(first.id);
    const { tasks } = await exported();
    const [done, next] = tasks;
    expect(done).toMatchObject({
      id: first.id,
      recurrence,
      series: { id: first.id, date: '2027-03-01', time: 32_400_000, remaining: 2 },
      nextTaskId: next?.['id'],
    });
    expect(next).toMatchObject({
      completedAt: null,
      series: { id: first.id, start: '2027-03-01', date: '2027-03-02', remaining: 1 },
      nextTaskId: null,
    });
  });

  it('has the trash, and what was trashed with what', async () => {
    const list = await createList(ada);
    const inList = await ada.create({ listId: list.id });
    const parent = await ada.create();
    const child = await ada.create({ parentId: parent.id });
    await trash(`/lists/${list.id}`);
    await trash(`/tasks/${parent.id}`);
    const { tasks, lists } = await exported();
    expect(lists).toMatchObject([{ trashed: true }]);
    const byId = new Map(tasks.map((task) => [task['id'], task]));
    expect(byId.get(inList.id)).toMatchObject({ trashed: true, trashedWith: list.id });
    expect(byId.get(parent.id)).toMatchObject({ trashed: true, trashedWith: null });
    expect(byId.get(child.id)).toMatchObject({ trashed: true, trashedWith: parent.id });
  });

  it('of a new user is empty, in every format', async () => {
    expect(await exported()).toMatchObject({ tasks: [], lists: [] });
    expect((await exportedText('csv')).split('\r\n')).toHaveLength(2);
    expect(ICAL.Component.fromString(await exportedText('ics')).getAllSubcomponents()).toEqual([]);
  });

  it('has all tasks across pages, each once, and nobody else’s', async () => {
    const eve = await mintUser(app.url, randomUUID());
    await fill(ada.id, 1_234, 10);
    await fill(eve.id, 150, 10);
    const { tasks } = await exported();
    expect(new Set(tasks.map(({ id }) => id)).size).toBe(1_234);
    expect(tasks).toHaveLength(1_234);
    expect((await exported(eve)).tasks).toHaveLength(150);
    expect((await exportedText('csv')).trimEnd().split('\r\n')).toHaveLength(1_235);
    expect((await exportedText('ics')).match(/BEGIN:VTODO/g)).toHaveLength(1_234);
  });

  it.each(['?format=xml', '?format=', '?format=csv&format=csv', '?since=1'])(
    'refuses %s',
    async (query) => {
      expectProblem(await ada.api(`/export${query}`), 400, 'invalid_parameter', PATH);
    },
  );

  it.each([
    { format: 'csv', accept: 'text/csv' },
    { format: 'ics', accept: 'text/calendar' },
    { format: 'json', accept: 'application/json' },
    { format: 'csv', accept: '*/*' },
  ])('serves $format to $accept', async ({ format, accept }) => {
    const { status } = await ada.api(`/export?format=${format}`, { headers: { accept } });
    expect(status).toBe(200);
  });

  it('refuses a media type that it has not', async () => {
    expectProblem(
      await ada.api('/export', { headers: { accept: 'image/png' } }),
      406,
      'not_acceptable',
      PATH,
    );
  });

  it('takes a personal token that may read, and no request without a token', async () => {
    await ada.create({ title: 'Mine' });
    const { token } = await createToken(ada, { scopes: ['tasks:read'] });
    expect((await exported(withToken(app.url, ada, token))).tasks).toMatchObject([
      { title: 'Mine' },
    ]);
    expectProblem(await send(`${app.url}/api/v1/export`), 401, 'missing_token', PATH);
  });
});

describe('an export is read page by page', () => {
  /** The stream of an export, and the number of pages that it has read. */
  async function open() {
    const pages = jest.spyOn(TasksRepository.prototype, 'exportAfter');
    const service = app.nest.get(ExportService, { strict: false });
    const user = { id: ada.id } as Parameters<ExportService['export']>[0];
    const stream = (await service.export(user, { format: 'json' })).getStream();
    return { stream, pages };
  }

  it('reads no page before its reader has room for it', async () => {
    await fill(ada.id, 1_000, 10);
    const { stream, pages } = await open();
    const chunks = stream.iterator() as AsyncIterableIterator<string>;
    for (let taken = 1; taken <= 6; taken += 1) {
      await chunks.next();
      // Reads ahead have had their turn.
      for (let turn = 0; turn < 20; turn += 1) await setImmediate();
      expect(pages.mock.calls.length).toBeLessThanOrEqual(taken + 2);
    }
    stream.destroy();
  });

  it('lets a user have two at a time', async () => {
    const first = await open();
    const second = await open();
    const third = open();
    const settled = jest.fn();
    void third.then(settled);
    for (let turn = 0; turn < 20; turn += 1) await setImmediate();
    expect(settled).not.toHaveBeenCalled();
    first.stream.destroy();
    (await third).stream.destroy();
    second.stream.destroy();
  });

  it('reads no more than the first page for HEAD, and gives back its place', async () => {
    await fill(ada.id, 1_000, 10);
    const pages = jest.spyOn(TasksRepository.prototype, 'exportAfter');
    for (let time = 1; time <= 3; time += 1) {
      const { status, headers, body } = await ada.api('/export', { method: 'HEAD' });
      expect([status, body]).toEqual([200, '']);
      expect(headers.get('content-disposition')).toMatch(/\.json"$/);
      expect(headers.get('content-length')).toBeNull();
      expect(pages.mock.calls.length).toBeLessThanOrEqual(2 * time);
    }
    jest.restoreAllMocks();
  });

  it('responds with a problem when the first page fails, and ends the connection when a later one does', async () => {
    await fill(ada.id, 300, 10);
    const original = Reflect.get(TasksRepository.prototype, 'exportAfter');
    const failAt = (failing: number) => {
      let page = 0;
      jest.spyOn(TasksRepository.prototype, 'exportAfter').mockImplementation(function (
        this: TasksRepository,
        ...parameters
      ) {
        if ((page += 1) === failing) throw new Error('lost');
        return original.apply(this, parameters);
      });
    };
    failAt(1);
    expectProblem(await ada.api('/export'), 500, 'internal_error', PATH);
    failAt(3);
    await expect(ada.api('/export')).rejects.toThrow();
    jest.restoreAllMocks();
    // Both have given back their places.
    for (let time = 0; time < 3; time += 1) expect((await exported()).tasks).toHaveLength(300);
  });
});

describe('CSV', () => {
  const rowsOf = async () =>
    parse<Record<string, string>>(await exportedText('csv'), { columns: true, bom: true });

  it('has a header, a byte order mark, and a line for each task', async () => {
    const list = await createList(ada, { name: 'Ho,me' });
    const task = await ada.create({
      title: 'Say "hi", again',
      description: 'two\nlines',
      tags: ['a,b', 'c\\d'],
      listId: list.id,
      due: '2026-12-24',
      recurrence: { rule: 'FREQ=DAILY', timeZone: 'UTC' },
    });
    const response = await fetch(`${app.url}/api/v1/export?format=csv`, {
      headers: { authorization: `Bearer ${ada.token}` },
    });
    expect(
      Buffer.from(await response.arrayBuffer())
        .subarray(0, 5)
        .toString('hex'),
    ).toBe('efbbbf6964');
    expect(response.headers.get('content-type')).toBe('text/csv; charset=utf-8');
    expect(await rowsOf()).toEqual([
      {
        id: task.id,
        parent: '',
        list: 'Ho,me',
        title: 'Say "hi", again',
        description: 'two\nlines',
        completed: 'false',
        completedAt: '',
        priority: 'none',
        due: '2026-12-24',
        tags: 'a\\,b,c\\\\d',
        recurrence: 'FREQ=DAILY',
        timeZone: 'UTC',
        basis: 'due',
        createdAt: task.createdAt,
        position: task.position,
      },
    ]);
  });

  it.each(['=1+1', '+1', '-1', '@SUM(A1)', "=cmd|' /C calc'!A0", '＝1', "'=1"])(
    'writes %s so that no spreadsheet runs it',
    async (title) => {
      await ada.create({ title, description: `\t${title}`, tags: [title] });
      const [row] = await rowsOf();
      expect(row).toMatchObject({ title: `'${title}`, description: `'\t${title}` });
      expect(row?.['tags']).toMatch(/^'/);
    },
  );

  it('has no trash', async () => {
    const task = await ada.create();
    await trash(`/tasks/${task.id}`);
    expect(await rowsOf()).toEqual([]);
  });
});

describe('iCalendar', () => {
  const calendar = async () => {
    const text = await exportedText('ics');
    for (const line of text.split('\r\n')) expect(Buffer.byteLength(line)).toBeLessThanOrEqual(75);
    return ICAL.Component.fromString(text);
  };
  const todoOf = (component: ICAL.Component, { id }: Pick<TaskDto, 'id'>) => {
    const todo = component
      .getAllSubcomponents('vtodo')
      .find((one) => one.getFirstPropertyValue('uid') === id);
    return (name: string) => String(todo?.getFirstPropertyValue(name));
  };

  it('has a VTODO for each task, which another reader understands', async () => {
    const list = await createList(ada, { name: 'Home; sweet' });
    const parent = await ada.create({
      title: 'Buy milk, eggs; and \\ bread 🥛',
      description: `${'Überlang '.repeat(40)}\r\nBEGIN:VEVENT\rX:y\u0007`,
      priority: 'medium',
      due: '2026-12-24',
      tags: ['home', 'a,b'],
      listId: list.id,
    });
    const child = await ada.create({ parentId: parent.id, due: '2026-12-24T08:30:00.250Z' });
    await complete(child.id);
    const component = await calendar();
    const read = todoOf(component, parent);
    expect(read('summary')).toBe('Buy milk, eggs; and \\ bread 🥛');
    expect(read('description')).toBe(`${'Überlang '.repeat(40)}\nBEGIN:VEVENT\nX:y\ufffd`);
    expect(read('priority')).toBe('5');
    expect(read('due')).toBe('2026-12-24');
    expect(read('status')).toBe('NEEDS-ACTION');
    expect(read('x-taskward-list')).toBe('Home; sweet');
    const readChild = todoOf(component, child);
    expect(readChild('related-to')).toBe(parent.id);
    expect(readChild('due')).toBe('2026-12-24T08:30:00Z');
    expect(readChild('status')).toBe('COMPLETED');
    expect(readChild('completed')).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
  });

  it('has the rule of a series in its time zone, with what is left of COUNT', async () => {
    const recurrence = { rule: 'FREQ=WEEKLY;COUNT=3', timeZone: 'Europe/Berlin' };
    const first = await ada.create({ due: '2027-03-20T08:00:00Z', recurrence });
    await complete(first.id);
    const component = await calendar();
    expect(component.getAllSubcomponents('vtimezone')).toHaveLength(1);
    const todos = component.getAllSubcomponents('vtodo');
    const [done, next] = ['COMPLETED', 'NEEDS-ACTION'].map((status) =>
      todos.find((todo) => todo.getFirstPropertyValue('status') === status),
    );
    expect(done?.getFirstProperty('rrule')).toBeNull();
    expect(String(next?.getFirstPropertyValue('rrule'))).toBe('FREQ=WEEKLY;COUNT=2');
    const due = next?.getFirstProperty('due');
    expect(due?.getParameter('tzid')).toBe('Europe/Berlin');
    expect(String(due?.getFirstValue())).toBe('2027-03-27T09:00:00');
    expect(String(next?.getFirstPropertyValue('dtstart'))).toBe('2027-03-27T09:00:00');
  });
});
