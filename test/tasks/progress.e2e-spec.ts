import { beforeEach, describe, expect, it, jest } from '@jest/globals';
import { ScopedQueryRunner } from '../../src/database/scoped-query-runner.js';
import type { TaskDto, TaskPageDto } from '../../src/tasks/task.dto.js';
import { useApp } from '../support/app.js';
import type { TestUser } from '../support/client.js';
import { mintUser, SECRET_MODE } from '../support/tokens.js';

const app = useApp(SECRET_MODE);
let ada: TestUser;

beforeEach(async () => {
  ada = await mintUser(app.url, `ada ${crypto.randomUUID()}`);
});

const read = async (id: string, query = '') =>
  (await ada.api<TaskDto>(`/tasks/${id}${query}`)).body;
const complete = (id: string, query = '', json?: object) =>
  ada.api<TaskDto>(`/tasks/${id}/complete${query}`, { method: 'PATCH', json });

/** Creates a task with a subtask that has one of its own, and a second subtask. */
async function createTree() {
  const root = await ada.create({ title: 'root' });
  const child = await ada.create({ title: 'child', parentId: root.id });
  const grandchild = await ada.create({ title: 'grandchild', parentId: child.id });
  const second = await ada.create({ title: 'second', parentId: root.id });
  return { root, child, grandchild, second };
}

describe('the completion of a task', () => {
  it('leaves its subtasks as they are', async () => {
    const { root, child } = await createTree();
    expect((await complete(root.id)).body.completed).toBe(true);
    expect(await read(child.id)).toEqual(child);
  });

  it('with ?subtasks=complete completes those of every level that are open', async () => {
    const { root, child, grandchild, second } = await createTree();
    await complete(child.id);
    const before = await read(child.id);
    const trashed = await ada.create({ parentId: root.id });
    await ada.api(`/tasks/${trashed.id}`, { method: 'DELETE' });
    const { status, body } = await complete(root.id, '?subtasks=complete', { completed: true });
    expect([status, body.completed, body.version]).toEqual([200, true, 2]);
    expect(await read(child.id)).toEqual(before);
    for (const { id } of [grandchild, second])
      expect(await read(id)).toMatchObject({ completed: true, version: 2 });
    const restored = await ada.api(`/tasks/${trashed.id}/restore`, { method: 'POST' });
    expect(restored.body).toMatchObject({ completed: false });
    const reopened = await complete(root.id, '?subtasks=complete');
    expect(reopened.body.completed).toBe(false);
    expect((await read(second.id)).completed).toBe(true);
  });

  it.each(['?subtasks=', '?subtasks=reopen', '?subtasks=complete&subtasks=complete'])(
    'with %s is 400',
    async (query) => {
      const task = await ada.create();
      expect((await complete(task.id, query)).status).toBe(400);
      expect(await read(task.id)).toEqual(task);
    },
  );
});

describe('include=progress', () => {
  it('adds the numbers of subtasks of the next level, without those in the trash', async () => {
    const { root, child, grandchild, second } = await createTree();
    await complete(second.id);
    const trashed = await ada.create({ parentId: root.id });
    await ada.api(`/tasks/${trashed.id}`, { method: 'DELETE' });
    const expected = [
      Object.assign({}, root, { subtasks: { total: 2, completed: 1 } }),
      Object.assign({}, child, { subtasks: { total: 1, completed: 0 } }),
      Object.assign({}, grandchild, { subtasks: { total: 0, completed: 0 } }),
      Object.assign({}, await read(second.id), { subtasks: { total: 0, completed: 0 } }),
    ];
    const { data } = await ada.list('?include=progress&sort=createdAt');
    expect(data).toEqual(expected);
    for (const task of expected) expect(await read(task.id, '?include=progress')).toEqual(task);
    expect(await read(root.id)).toEqual(root);
  });

  it('costs a page one statement more, however many tasks it has', async () => {
    for (let count = 0; count < 3; count += 1) await createTree();
    const run = jest.spyOn(ScopedQueryRunner.prototype, 'run');
    try {
      const statements = async (query: string) => {
        run.mockClear();
        const { status, body } = await ada.api<TaskPageDto>(`/tasks${query}`);
        expect([status, body.data.length > 0]).toEqual([200, true]);
        return run.mock.calls.length;
      };
      expect(await statements('')).toBe(1);
      expect(await statements('?include=progress')).toBe(2);
      expect(await statements('?include=progress&limit=1')).toBe(2);
    } finally {
      run.mockRestore();
    }
  });

  it.each(['include=', 'include=counts', 'include=progress,counts'])('%s is 400', async (query) => {
    expect((await ada.api(`/tasks?${query}`)).status).toBe(400);
  });
});
