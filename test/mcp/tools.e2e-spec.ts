import { beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import type { ChangePageDto } from '../../src/changes/change.dto.js';
import type { ListDto, ListPageDto } from '../../src/lists/list.dto.js';
import type { TaskDto, TaskPageDto } from '../../src/tasks/task.dto.js';
import { useApp } from '../support/app.js';
import type { TestUser } from '../support/client.js';
import { connect, type McpUser } from '../support/mcp.js';
import { MADE_UP } from '../support/places.js';
import { mintUser, SECRET_MODE } from '../support/tokens.js';

const READING = ['list_tasks', 'search_tasks', 'get_task', 'list_lists', 'get_changes'];
const ADDING = ['create_task', 'complete_task', 'move_task', 'restore_task', 'create_list'];
const OVERWRITING = ['update_task', 'update_list', 'delete_task', 'delete_list'];

const app = useApp(SECRET_MODE);
let ada: TestUser;
let mcp: McpUser;

beforeAll(async () => {
  ada = await mintUser(app.url, randomUUID());
  mcp = await connect(app.url, ada);
});

const titlesOf = ({ data }: TaskPageDto) => data.map(({ title }) => title);

describe('the list of tools', () => {
  it('has the tools of the contract, and no other', async () => {
    const { tools } = await mcp.client.listTools();
    expect(tools.map(({ name }) => name).sort()).toEqual(
      [...READING, ...ADDING, ...OVERWRITING].sort(),
    );
  });

  it('tells clients which tools only read, and which destroy', async () => {
    const { tools } = await mcp.client.listTools();
    for (const { name, title, annotations } of tools) {
      expect({ name, title, ...annotations }).toEqual({
        name,
        title: expect.stringMatching(/^[A-Z][a-z ]+$/),
        readOnlyHint: READING.includes(name),
        destructiveHint: OVERWRITING.includes(name),
        idempotentHint: !['create_task', 'create_list'].includes(name),
        openWorldHint: false,
      });
    }
  });

  it('says what the destructive tools do', async () => {
    const { tools } = await mcp.client.listTools();
    for (const { description } of tools.filter(({ name }) => name.startsWith('delete_'))) {
      expect(description).toMatch(
        /^Destructive: .*trash.*permanent: true.*cannot be brought back/s,
      );
    }
    for (const { description } of tools.filter(({ name }) => name.startsWith('update_'))) {
      expect(description).toMatch(/^Overwrites .*history/s);
    }
  });

  it('has closed schemas without references, patterns and users', async () => {
    const { tools } = await mcp.client.listTools();
    for (const { inputSchema, outputSchema } of tools) {
      expect(inputSchema).toMatchObject({ type: 'object', additionalProperties: false });
      expect(outputSchema).toMatchObject({ type: 'object' });
      const text = JSON.stringify([inputSchema, outputSchema]);
      expect(text).not.toMatch(/"\$ref"|"pattern"|"examples?":/);
      expect(Object.keys(inputSchema.properties ?? {}).join()).not.toMatch(/user|owner|account/i);
    }
  });

  it('describes the arguments as the documentation does', async () => {
    const { tools } = await mcp.client.listTools();
    const argumentsOf = (name: string) => tools.find((tool) => tool.name === name)?.inputSchema;
    expect(argumentsOf('create_task')).toMatchObject({
      required: ['title'],
      properties: {
        title: { type: 'string', maxLength: 255 },
        priority: { anyOf: [{ enum: ['none', 'low', 'medium', 'high'] }, { type: 'null' }] },
        idempotencyKey: { maxLength: 255 },
      },
    });
    expect(argumentsOf('complete_task')).toMatchObject({
      required: ['id'],
      properties: { completed: { default: true }, ifMatch: { type: 'string' } },
    });
    expect(argumentsOf('list_tasks')?.properties).not.toHaveProperty('q');
    expect(argumentsOf('search_tasks')).toMatchObject({ required: ['q'] });
  });
});

describe('each tool does its work', () => {
  it('create_task, get_task, update_task', async () => {
    const { result: created } = await mcp.call<TaskDto>('create_task', {
      title: ' Call Bob ',
      tags: ['phone'],
      due: '2026-12-24',
    });
    expect(created).toMatchObject({ title: 'Call Bob', tags: ['phone'], version: 1 });
    const { result: updated } = await mcp.call<TaskDto>('update_task', {
      id: created.id.toUpperCase(),
      due: null,
      ifMatch: '"1"',
    });
    expect(updated).toMatchObject({ title: 'Call Bob', due: null, version: 2 });
    const { result: read } = await mcp.call<TaskDto>('get_task', {
      id: created.id,
      include: 'progress',
    });
    expect(read).toEqual(Object.assign(updated, { subtasks: { total: 0, completed: 0 } }));
  });

  it('list_tasks, with filters and pages', async () => {
    const tag = randomUUID();
    for (const title of ['a', 'b', 'c']) await ada.create({ title, tags: [tag] });
    const query = { tags: tag, sort: 'title', limit: 2, count: true, completed: false };
    const { result: first } = await mcp.call<TaskPageDto>('list_tasks', query);
    expect([titlesOf(first), first.total]).toEqual([['a', 'b'], 3]);
    const next = { ...query, cursor: first.nextCursor };
    const { result: second } = await mcp.call<TaskPageDto>('list_tasks', next);
    expect([titlesOf(second), second.nextCursor]).toEqual([['c'], null]);
  });

  it('search_tasks', async () => {
    await ada.create({ title: 'Zebra crossing', description: 'black and white' });
    const { result } = await mcp.call<TaskPageDto>('search_tasks', { q: 'zébra whi' });
    expect(titlesOf(result)).toEqual(['Zebra crossing']);
  });

  it('complete_task, which sets and does not toggle', async () => {
    const { id } = await ada.create();
    for (const _ of [1, 2]) {
      const { result } = await mcp.call<TaskDto>('complete_task', { id });
      expect([result.completed, result.version]).toEqual([true, 2]);
    }
    const { result } = await mcp.call<TaskDto>('complete_task', { id, completed: false });
    expect(result.completed).toBe(false);
    const child = await ada.create({ parentId: id });
    await mcp.call('complete_task', { id, subtasks: 'complete' });
    expect((await ada.api<TaskDto>(`/tasks/${child.id}`)).body.completed).toBe(true);
  });

  it('complete_task of a recurring task names the next one', async () => {
    const recurrence = { rule: 'FREQ=DAILY', timeZone: 'Europe/Berlin' };
    const { id } = await ada.create({ due: '2026-12-24', recurrence });
    const { result } = await mcp.call<TaskDto>('complete_task', { id });
    expect(result.nextTaskId).toEqual(expect.any(String));
  });

  it('move_task', async () => {
    const { result: list } = await mcp.call<ListDto>('create_list', { name: 'Order' });
    const [one, two] = [
      await ada.create({ title: 'one', listId: list.id }),
      await ada.create({ title: 'two', listId: list.id }),
    ];
    await mcp.call('move_task', { id: two.id, before: one.id });
    const query = { list: list.id, sort: 'position' };
    const { result } = await mcp.call<TaskPageDto>('list_tasks', query);
    expect(titlesOf(result)).toEqual(['two', 'one']);
  });

  it('delete_task and restore_task', async () => {
    const { id } = await ada.create();
    expect((await mcp.call('delete_task', { id })).result).toEqual({ id, permanent: false });
    expect((await mcp.call('get_task', { id })).problem.code).toBe('task_not_found');
    expect((await mcp.call('restore_task', { id })).result).toMatchObject({ id, version: 3 });
    const { result } = await mcp.call('delete_task', { id, permanent: true });
    expect(result).toEqual({ id, permanent: true });
    expect((await mcp.call('restore_task', { id })).problem.code).toBe('task_not_found');
  });

  it('create_list, list_lists, update_list, delete_list', async () => {
    const { result: list } = await mcp.call<ListDto>('create_list', { name: 'Work' });
    const { id } = list;
    const changes = { id, color: '#3366CC', archived: true };
    const { result: updated } = await mcp.call<ListDto>('update_list', changes);
    expect(updated).toMatchObject({ name: 'Work', color: '#3366cc', archived: true });
    const query = { archived: true, include: 'counts' };
    const { result: page } = await mcp.call<ListPageDto>('list_lists', query);
    expect(page.data).toEqual([Object.assign(updated, { tasks: { open: 0, completed: 0 } })]);
    const task = await ada.create({ listId: id });
    expect((await mcp.call('delete_list', { id, tasks: 'keep' })).result).toEqual({
      id,
      permanent: false,
    });
    expect((await ada.api<TaskDto>(`/tasks/${task.id}`)).body.listId).toBeNull();
  });

  it('get_changes', async () => {
    const { result: now } = await mcp.call<ChangePageDto>('get_changes');
    expect(now).toMatchObject({ data: [], hasMore: false });
    const { id } = await ada.create();
    const { result } = await mcp.call<ChangePageDto>('get_changes', { since: now.nextToken });
    expect(result.data).toMatchObject([{ type: 'task.created', id }]);
  });
});

describe('an error that a model can act on', () => {
  const problemOf = async (name: string, args: object) => {
    const { isError, problem } = await mcp.call(name, args);
    expect(isError).toBe(true);
    return problem;
  };

  it('names every argument that breaks a rule', async () => {
    const args = { title: '', priority: 'urgent', userId: 'eve', idempotencyKey: '' };
    const { code, status, errors = [], requestId } = await problemOf('create_task', args);
    expect([code, status, requestId]).toEqual(['validation_failed', 422, expect.any(String)]);
    expect(errors.map(({ detail }) => detail)).toContain('userId is not recognized');
    expect(errors.map(({ pointer, code: rule }) => [pointer, rule]).sort()).toEqual([
      ['/idempotencyKey', 'idempotency_key'],
      ['/priority', 'one_of'],
      ['/title', 'too_short'],
      ['/userId', 'unknown'],
    ]);
  });

  it.each([
    { name: 'get_task', args: {}, error: ['/id', 'required'] },
    { name: 'get_task', args: { id: 'x' }, error: ['/id', 'uuid'] },
    { name: 'get_task', args: { id: 7 }, error: ['/id', 'uuid'] },
    { name: 'search_tasks', args: {}, error: ['/q', 'required'] },
    { name: 'list_tasks', args: { q: 'x' }, error: ['/q', 'unknown'] },
    { name: 'list_tasks', args: { limit: 201 }, error: ['/limit', 'range'] },
    { name: 'list_tasks', args: { tags: ['a'] }, error: ['/tags', 'type'] },
    { name: 'list_tasks', args: { completed: null }, error: ['/completed', 'type'] },
    { name: 'list_tasks', args: { owner: 'eve' }, error: ['/owner', 'unknown'] },
    {
      name: 'complete_task',
      args: { id: MADE_UP, completed: 'yes' },
      error: ['/completed', 'type'],
    },
    { name: 'update_task', args: { id: MADE_UP, ifMatch: 3 }, error: ['/ifMatch', 'type'] },
    { name: 'move_task', args: { id: MADE_UP, position: 'a' }, error: ['/position', 'unknown'] },
  ])('$name with $args points at $error', async ({ name, args, error }) => {
    const { code, errors = [] } = await problemOf(name, args);
    expect(code).toBe('validation_failed');
    expect(errors.map((one) => [one.pointer, one.code])).toEqual([error]);
  });

  it('has the code of REST: a stale version, a wrong list, a cursor of another query', async () => {
    const { id } = await ada.create();
    await ada.api(`/tasks/${id}`, { method: 'PATCH', json: { title: 'Newer' } });
    const stale = await problemOf('update_task', { id, title: 'Older', ifMatch: '"1"' });
    expect([stale.code, stale.detail]).toEqual([
      'precondition_failed',
      expect.stringContaining('"2"'),
    ]);
    const misplaced = await problemOf('create_task', { title: 'x', listId: MADE_UP });
    expect(misplaced.errors).toMatchObject([{ pointer: '/listId', code: 'not_found' }]);
    expect((await problemOf('list_tasks', { cursor: 'x' })).code).toBe('invalid_cursor');
    expect((await problemOf('get_changes', { since: 'x' })).code).toBe('invalid_parameter');
    expect((await problemOf('update_task', { id, ifMatch: 'x' })).code).toBe('invalid_header');
  });
});

describe('idempotencyKey', () => {
  it.each([
    { name: 'create_task', args: { title: 'Once' } },
    { name: 'create_list', args: { name: 'Once' } },
  ])('makes $name once, with the same result', async ({ name, args }) => {
    const key = { idempotencyKey: randomUUID() };
    const { result: first } = await mcp.call(name, { ...args, ...key });
    const { result: second } = await mcp.call(name, { ...key, ...args });
    expect(second).toEqual(first);
    const { problem } = await mcp.call(name, {
      ...args,
      ...key,
      [Object.keys(args)[0] ?? '']: 'Two',
    });
    expect(problem.code).toBe('idempotency_key_reused');
  });

  it('of many calls at once makes one task', async () => {
    const args = { title: randomUUID(), idempotencyKey: randomUUID() };
    const calls = await Promise.all(
      Array.from({ length: 10 }, () => mcp.call<TaskDto>('create_task', args)),
    );
    const ids = calls.flatMap(({ isError, result, problem }) => {
      if (!isError) return [result.id];
      expect(problem.code).toBe('request_in_progress');
      return [];
    });
    expect(new Set(ids).size).toBe(1);
    const { data } = (await mcp.call<TaskPageDto>('search_tasks', { q: args.title })).result;
    expect(data).toHaveLength(1);
  });

  it('is not shared with the REST API, or with another tool', async () => {
    const key = randomUUID();
    const headers = { 'idempotency-key': key };
    await ada.api('/tasks', { method: 'POST', json: { title: 'x' }, headers });
    const { problem } = await mcp.call('create_task', { title: 'x', idempotencyKey: key });
    expect(problem.code).toBe('idempotency_key_reused');
  });

  it('repeats a restore and a move', async () => {
    const { id } = await ada.create();
    await ada.api(`/tasks/${id}`, { method: 'DELETE' });
    const restore = { id, idempotencyKey: randomUUID() };
    const { result } = await mcp.call<TaskDto>('restore_task', restore);
    expect((await mcp.call<TaskDto>('restore_task', restore)).result).toEqual(result);
    const move = { id, idempotencyKey: randomUUID() };
    const { result: moved } = await mcp.call<TaskDto>('move_task', move);
    expect((await mcp.call<TaskDto>('move_task', move)).result).toEqual(moved);
  });
});

describe('large results', () => {
  it('come in pages of 2 MiB, all of them', async () => {
    const eve = await mintUser(app.url, randomUUID());
    // Four bytes a character, of few words.
    const description = '𝒜'.repeat(10_000);
    const operations = Array.from({ length: 20 }, (_, at) => ({
      op: 'create',
      task: { title: `Task ${String(at)}`, description },
    }));
    for (const _ of [1, 2, 3]) {
      const { status } = await eve.api('/tasks/batch', { method: 'POST', json: { operations } });
      expect(status).toBe(200);
    }
    const { call } = await connect(app.url, eve);
    const counts: number[] = [];
    let cursor: string | null | undefined;
    do {
      const args = { limit: 200, ...(cursor != null && { cursor }) };
      const { result } = await call<TaskPageDto>('list_tasks', args);
      counts.push(result.data.length);
      cursor = result.nextCursor;
    } while (cursor !== null);
    expect(counts.reduce((sum, count) => sum + count)).toBe(60);
    expect(counts.length).toBeGreaterThan(1);
  });
});
