import { beforeEach, describe, expect, it } from '@jest/globals';
import type { TaskDto } from '../../src/tasks/task.dto.js';
import { useApp } from '../support/app.js';
import type { ApiResponse, TestUser } from '../support/client.js';
import {
  brokenRules,
  bytesOf,
  createList,
  expectOrdered,
  idsOf,
  MADE_UP,
  move,
  walk,
} from '../support/places.js';
import { mintUser, SECRET_MODE } from '../support/tokens.js';

const app = useApp(SECRET_MODE);
let ada: TestUser;

beforeEach(async () => {
  ada = await mintUser(app.url, `ada ${crypto.randomUUID()}`);
});

/** Creates a task for each letter, which is its title. */
async function createAll(letters: string, fields: object = {}): Promise<TaskDto[]> {
  const tasks: TaskDto[] = [];
  for (const title of letters) tasks.push(await ada.create({ title, ...fields }));
  return tasks;
}

const walkTasks = (parameters = '') => walk<TaskDto>(ada, `/tasks?sort=position${parameters}`);
const order = async (parameters = '') =>
  (await walkTasks(parameters)).map(({ title }) => title).join('');
const moveTask = (task: TaskDto, json: object = {}) =>
  move<TaskDto>(ada, `/tasks/${task.id}`, json);

/** The kinds of siblings: fields of a task, and the filter that finds it. */
const SIBLINGS = [
  { of: 'no list', create: () => Promise.resolve({}), filter: () => '&list=none&parent=none' },
  {
    of: 'a list',
    create: async () => ({ listId: (await createList(ada)).id }),
    filter: ({ listId }: Fields) => `&list=${String(listId)}&parent=none`,
  },
  {
    of: 'a parent',
    create: async () => ({ parentId: (await ada.create({ title: 'parent' })).id }),
    filter: ({ parentId }: Fields) => `&parent=${String(parentId)}`,
  },
];

interface Fields {
  readonly listId?: string;
  readonly parentId?: string;
}

describe.each(SIBLINGS)('the tasks of $of', ({ create, filter }) => {
  let fields: Fields;
  let siblings: TaskDto[];
  beforeEach(async () => {
    fields = await create();
    siblings = await createAll('abcd', fields);
    // Tasks elsewhere are in no order with these.
    await createAll('xy', { listId: (await createList(ada)).id });
    await createAll('z', { parentId: siblings[0]?.id });
  });
  const inOrder = () => order(filter(fields));

  it('are in the order of their creation, forwards and backwards, page by page', async () => {
    expect(await inOrder()).toBe('abcd');
    const backwards = await walk<TaskDto>(ada, `/tasks?sort=-position${filter(fields)}`);
    expect(backwards.map(({ title }) => title).join('')).toBe('dcba');
    expectOrdered(siblings);
  });

  it('are moved before one, after one, or to the end', async () => {
    const [a, b, c, d] = siblings as [TaskDto, TaskDto, TaskDto, TaskDto];
    const { status, headers, body } = await moveTask(d, { before: a.id });
    expect([status, headers.get('etag')]).toEqual([200, '"2"']);
    const { position, updatedAt } = body;
    expect(body).toEqual(Object.assign({}, d, { version: 2, position, updatedAt }));
    expect((await ada.api(`/tasks/${d.id}`)).body).toEqual(body);
    expect(await inOrder()).toBe('dabc');
    await moveTask(d, { after: a.id });
    expect(await inOrder()).toBe('adbc');
    await moveTask(a, { after: c.id });
    expect(await inOrder()).toBe('dbca');
    await moveTask(a, { before: c.id });
    expect(await inOrder()).toBe('dbac');
    await moveTask(a, { before: c.id });
    expect(await inOrder()).toBe('dbac');
    await moveTask(b);
    expect(await inOrder()).toBe('dacb');
    await createAll('e', fields);
    expect(await inOrder()).toBe('dacbe');
    expectOrdered(await walkTasks(filter(fields)));
  });

  it('are moved by fifty requests to the same two places at once, and are in one order, each once', async () => {
    const [first] = siblings as [TaskDto];
    siblings.push(...(await createAll('e'.repeat(47), fields)));
    const moves = siblings
      .slice(1)
      .map((task, index) => moveTask(task, { [index % 2 ? 'before' : 'after']: first.id }));
    const statuses = (await Promise.all(moves)).map(({ status }) => status);
    expect(statuses).toEqual(Array<number>(50).fill(200));
    const found = await walkTasks(filter(fields));
    expect(idsOf(found).sort()).toEqual(idsOf(siblings).sort());
    expect(found[25]?.id).toBe(first.id);
    expectOrdered(found);
  });
});

describe('a move', () => {
  it('beside a task of another list or parent takes its list and parent, with all below it', async () => {
    const list = await createList(ada);
    const [parent] = (await createAll('p', { listId: list.id })) as [TaskDto];
    const [x, y] = (await createAll('xy', { parentId: parent.id })) as [TaskDto, TaskDto];
    const [task] = (await createAll('t')) as [TaskDto];
    const [child] = (await createAll('c', { parentId: task.id })) as [TaskDto];
    const moved = await moveTask(task, { after: x.id });
    expect(moved.body).toMatchObject({ listId: list.id, parentId: parent.id, version: 2 });
    expect(await order(`&parent=${parent.id}`)).toBe('xty');
    expect((await ada.api(`/tasks/${child.id}`)).body).toMatchObject({ listId: list.id });
    const agreed = { before: parent.id, listId: list.id, parentId: null };
    expect((await moveTask(y, agreed)).body).toMatchObject({ listId: list.id, parentId: null });
    expect(await order(`&list=${list.id}&parent=none`)).toBe('yp');
  });

  it('to another list or parent, and a PATCH to it, goes to the end', async () => {
    const list = await createList(ada);
    const [task, other] = (await createAll('to')) as [TaskDto, TaskDto];
    const [a, b] = (await createAll('ab', { listId: list.id })) as [TaskDto, TaskDto];
    await moveTask(b, { before: a.id });
    expect((await moveTask(task, { listId: list.id })).body.listId).toBe(list.id);
    await ada.api(`/tasks/${other.id}`, { method: 'PATCH', json: { listId: list.id } });
    expect(await order(`&list=${list.id}`)).toBe('bato');
    await moveTask(b, { parentId: a.id });
    await ada.api(`/tasks/${task.id}`, { method: 'PATCH', json: { parentId: a.id } });
    expect(await order(`&parent=${a.id}`)).toBe('bt');
    await moveTask(b, { parentId: null });
    expect(await order(`&list=${list.id}&parent=none`)).toBe('aob');
    expect((await moveTask(b, { listId: null })).body).toMatchObject({ listId: null });
  });

  it.each<{ json: (ids: Record<string, string>) => object; rules: string[] }>([
    { json: ({ a, b }) => ({ before: a, after: b }), rules: ['/after conflict'] },
    { json: ({ task }) => ({ before: task }), rules: ['/before same'] },
    { json: ({ task }) => ({ after: task }), rules: ['/after same'] },
    { json: () => ({ before: 'x' }), rules: ['/before uuid'] },
    { json: () => ({ after: null }), rules: ['/after type'] },
    { json: ({ a }) => ({ before: a, listId: null }), rules: ['/listId not_of_sibling'] },
    { json: ({ a, b }) => ({ after: a, parentId: b }), rules: ['/parentId not_of_sibling'] },
    { json: ({ a }) => ({ position: a }), rules: ['/position unknown'] },
  ])('breaks a rule: $rules', async ({ json, rules }) => {
    const listId = (await createList(ada)).id;
    const [a, b] = (await createAll('ab', { listId })) as [TaskDto, TaskDto];
    const [task] = (await createAll('t')) as [TaskDto];
    const response = await moveTask(task, json({ a: a.id, b: b.id, task: task.id }));
    expect(brokenRules(response)).toEqual([422, ...rules]);
    expect((await ada.api(`/tasks/${task.id}`)).body).toEqual(task);
  });

  it.each(['before', 'after'])(
    '%s a task that is foreign, in the trash or made up is the same 422',
    async (side) => {
      const eve = await mintUser(app.url, `eve ${crypto.randomUUID()}`);
      const [task, trashed] = (await createAll('tr')) as [TaskDto, TaskDto];
      await ada.api(`/tasks/${trashed.id}`, { method: 'DELETE' });
      const responses: ApiResponse<object>[] = [];
      for (const id of [(await eve.create()).id, trashed.id, MADE_UP])
        responses.push(await moveTask(task, { [side]: id }));
      expect(responses.map(brokenRules)).toEqual(
        Array.from({ length: 3 }, () => [422, `/${side} not_found`]),
      );
      expect(new Set(responses.map(bytesOf)).size).toBe(1);
      expect((await ada.api(`/tasks/${task.id}`)).body).toEqual(task);
    },
  );

  it('is done once by a request that is sent again', async () => {
    const [a, b] = (await createAll('ab')) as [TaskDto, TaskDto];
    const headers = { 'idempotency-key': crypto.randomUUID() };
    const request = { method: 'POST', json: { before: a.id }, headers };
    const first = await ada.api(`/tasks/${b.id}/move`, request);
    const again = await ada.api(`/tasks/${b.id}/move`, request);
    expect([again.status, again.body]).toEqual([200, first.body]);
    expect(again.headers.get('idempotency-replayed')).toBe('true');
  });

  it('with an ETag that is not the current one, or of a task in the trash, is refused', async () => {
    const [a, b] = (await createAll('ab')) as [TaskDto, TaskDto];
    const [headers, json] = [{ 'if-match': '"7"' }, { before: a.id }];
    const stale = await ada.api(`/tasks/${b.id}/move`, { method: 'POST', json, headers });
    expect([stale.status, stale.headers.get('etag')]).toEqual([412, '"1"']);
    await ada.api(`/tasks/${b.id}`, { method: 'DELETE' });
    expect((await moveTask(b, json)).status).toBe(404);
  });
});
