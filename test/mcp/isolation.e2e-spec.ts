import { beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import type { ChangePageDto } from '../../src/changes/change.dto.js';
import type { TaskPageDto } from '../../src/tasks/task.dto.js';
import { useApp } from '../support/app.js';
import type { TestUser } from '../support/client.js';
import { connect, type McpUser } from '../support/mcp.js';
import { createList, MADE_UP } from '../support/places.js';
import { mintUser, SECRET_MODE } from '../support/tokens.js';

const app = useApp(SECRET_MODE);
let ada: TestUser;
let eve: TestUser;
let adaMcp: McpUser;
let eveMcp: McpUser;

beforeAll(async () => {
  ada = await mintUser(app.url, randomUUID());
  eve = await mintUser(app.url, randomUUID());
  adaMcp = await connect(app.url, ada);
  eveMcp = await connect(app.url, eve);
});

/** Calls that name a task or list, with the arguments beside it. */
const CALLS: Record<string, { kind: 'task' | 'list'; args?: object; at?: string }[]> = {
  get_task: [{ kind: 'task' }, { kind: 'task', args: { include: 'progress' } }],
  update_task: [
    { kind: 'task', args: { title: 'Mine' } },
    { kind: 'task', args: { title: 'Mine', ifMatch: '"1"' } },
    { kind: 'task', args: { title: 'Mine', ifMatch: '"9"' } },
  ],
  complete_task: [{ kind: 'task' }, { kind: 'task', args: { subtasks: 'complete' } }],
  move_task: [{ kind: 'task' }],
  delete_task: [{ kind: 'task' }, { kind: 'task', args: { permanent: true } }],
  restore_task: [{ kind: 'task' }],
  update_list: [{ kind: 'list', args: { name: 'Mine' } }],
  delete_list: [
    { kind: 'list' },
    { kind: 'list', args: { tasks: 'keep' } },
    { kind: 'list', args: { permanent: true } },
  ],
  create_task: [
    { kind: 'task', args: { title: 'Mine' }, at: 'parentId' },
    { kind: 'list', args: { title: 'Mine' }, at: 'listId' },
  ],
  list_tasks: [
    { kind: 'task', at: 'parent' },
    { kind: 'list', at: 'list' },
  ],
  search_tasks: [{ kind: 'list', args: { q: 'secret' }, at: 'list' }],
};
/** Tools that name none: what they return is eve's own. */
const NAMES_NONE = ['create_list', 'list_lists', 'get_changes'];

describe('every tool', () => {
  it('is tried here', async () => {
    const { tools } = await eveMcp.client.listTools();
    expect([...Object.keys(CALLS), ...NAMES_NONE].sort()).toEqual(
      tools.map(({ name }) => name).sort(),
    );
  });

  it.each(
    Object.entries(CALLS).flatMap(([name, calls]) => calls.map((call) => ({ name, ...call }))),
  )(
    '$name with $args responds about another user’s $kind as about none',
    async ({ name, kind, args, at = 'id' }) => {
      const list = await createList(ada, { name: 'secret' });
      const task = await ada.create({ title: 'secret', listId: list.id });
      const before = [await ada.list(), (await ada.api('/lists')).body];
      const id = kind === 'task' ? task.id : list.id;
      const [foreign, made] = [
        await eveMcp.call(name, { ...args, [at]: id }),
        await eveMcp.call(name, { ...args, [at]: MADE_UP }),
      ];
      const plain = (value: unknown) =>
        JSON.stringify(value)
          .replaceAll(/"requestId":"[^"]+"/g, '')
          .replaceAll(id, MADE_UP);
      expect(plain(foreign)).toBe(plain(made));
      expect([await ada.list(), (await ada.api('/lists')).body]).toEqual(before);
    },
  );

  it.each([
    { name: 'list_tasks', args: {} },
    { name: 'list_tasks', args: { trashed: true } },
    { name: 'search_tasks', args: { q: 'secret' } },
    { name: 'list_lists', args: { trashed: true } },
    { name: 'list_lists', args: {} },
  ])('$name with $args returns nothing of another user', async ({ name, args }) => {
    await ada.create({ title: 'secret' });
    const trashed = await createList(ada, { name: 'secret' });
    await ada.api(`/lists/${trashed.id}`, { method: 'DELETE' });
    expect((await eveMcp.call<TaskPageDto>(name, args)).result).toMatchObject({ data: [] });
  });
});

it('cursors, change tokens and keys of another user are those that nobody has', async () => {
  for (let i = 0; i < 2; i += 1) await ada.create();
  const { nextCursor } = (await adaMcp.call<TaskPageDto>('list_tasks', { limit: 1 })).result;
  const foreign = await eveMcp.call('list_tasks', { limit: 1, cursor: nextCursor });
  expect(foreign.problem.code).toBe('invalid_cursor');
  const { nextToken } = (await adaMcp.call<ChangePageDto>('get_changes')).result;
  const changes = await eveMcp.call('get_changes', { since: nextToken });
  expect(changes.problem.code).toBe('invalid_parameter');
  const args = { title: 'Same key', idempotencyKey: 'shared' };
  const [own, other] = [
    await adaMcp.call('create_task', args),
    await eveMcp.call('create_task', args),
  ];
  expect(other.result.id).not.toBe(own.result.id);
});

describe('resources', () => {
  const read = async ({ client }: McpUser, uri: string) => {
    const { contents } = await client.readResource({ uri });
    const [content] = contents as { uri: string; mimeType: string; text: string }[];
    expect(content).toMatchObject({ uri, mimeType: 'application/json' });
    return (JSON.parse(content?.text ?? '') as TaskPageDto).data.map(({ title }) => title);
  };
  const day = (offset: number) => new Date(Date.now() + offset * 86_400_000).toISOString();

  beforeAll(async () => {
    const today = day(0).slice(0, 10);
    await ada.create({ title: 'Due today', due: today });
    await ada.create({ title: 'Done today', due: today, completed: true });
    await ada.create({ title: 'Overdue', due: day(-2) });
    await ada.create({ title: 'Later', due: day(2) });
  });

  it('are listed, with templates for a time zone', async () => {
    const { resources } = await adaMcp.client.listResources();
    expect(resources.map(({ uri }) => uri)).toEqual([
      'taskward://tasks/today',
      'taskward://tasks/overdue',
    ]);
    const { resourceTemplates } = await adaMcp.client.listResourceTemplates();
    expect(resourceTemplates.map(({ uriTemplate }) => uriTemplate)).toEqual([
      'taskward://tasks/today{?timeZone}',
      'taskward://tasks/overdue{?timeZone}',
    ]);
  });

  it('have the open tasks of their own user', async () => {
    expect(await read(adaMcp, 'taskward://tasks/today')).toEqual(['Due today']);
    expect(await read(adaMcp, 'taskward://tasks/overdue')).toEqual(['Overdue']);
    expect(await read(adaMcp, 'taskward://tasks/overdue?timeZone=UTC')).toEqual(['Overdue']);
    expect(await read(eveMcp, 'taskward://tasks/today')).toEqual([]);
    expect(await read(eveMcp, 'taskward://tasks/overdue')).toEqual([]);
  });

  it.each([
    { uri: 'taskward://tasks/today?timeZone=Mars', error: { code: -32602 } },
    { uri: 'taskward://tasks/today?completed=true', error: { code: -32002 } },
    { uri: 'taskward://tasks/today?timeZone=UTC&timeZone=UTC', error: { code: -32002 } },
    { uri: 'taskward://users/eve', error: { code: -32002 } },
    { uri: 'file:///etc/passwd', error: { code: -32002 } },
    { uri: '', error: { code: -32002 } },
  ])('refuse $uri', async ({ uri, error }) => {
    await expect(adaMcp.client.readResource({ uri })).rejects.toMatchObject(error);
  });
});
