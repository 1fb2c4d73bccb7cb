import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { TaskDto } from '../../src/tasks/task.dto.js';
import { TasksRepository } from '../../src/tasks/tasks.repository.js';
import { useApp } from '../support/app.js';
import type { TestUser } from '../support/client.js';
import { useOwner } from '../support/database.js';
import { createList, move } from '../support/places.js';
import { mintUser, SECRET_MODE } from '../support/tokens.js';
import { until } from '../support/until.js';
import { wrongCounts } from '../support/usage.js';

const app = useApp(SECRET_MODE);
const query = useOwner(() => app);
let ada: TestUser;

beforeEach(async () => {
  ada = await mintUser(app.url, `ada ${crypto.randomUUID()}`);
});
afterEach(() => {
  jest.restoreAllMocks();
});

const remove = (id: string, parameters = '') =>
  ada.api(`/tasks/${id}${parameters}`, { method: 'DELETE' });
const restore = (id: string) => ada.api<TaskDto>(`/tasks/${id}/restore`, { method: 'POST' });
const titles = async (parameters = '') =>
  (await ada.list(parameters)).data.map(({ title }) => title).sort();

/** Creates root > child > grandchild, root > second, and a task beside them. */
async function createTree(fields: object = {}) {
  const root = await ada.create({ title: 'root', ...fields });
  const child = await ada.create({ title: 'child', parentId: root.id });
  const grandchild = await ada.create({ title: 'grandchild', parentId: child.id });
  const second = await ada.create({ title: 'second', parentId: root.id });
  await ada.create({ title: 'other', ...fields });
  return { root, child, grandchild, second };
}

const TREE = ['child', 'grandchild', 'root', 'second'];

/** The tasks that are there below one that is not. */
const orphans = () =>
  query(`
    select child.id from task child join task parent
        on parent.owner_id = child.owner_id and parent.id = child.parent_id
     where child.deleted_at is null and parent.deleted_at is not null`);

describe('the delete of a task', () => {
  it('takes all below it to the trash, and its restore brings back exactly those', async () => {
    const { root, second, grandchild } = await createTree();
    await remove(second.id);
    expect((await remove(root.id)).status).toBe(204);
    expect(await titles()).toEqual(['other']);
    expect(await titles('?trashed=true')).toEqual(TREE);
    const { status, body } = await restore(root.id);
    expect([status, body]).toEqual([
      200,
      Object.assign({}, root, { version: 3, updatedAt: body.updatedAt }),
    ]);
    expect(await titles('?trashed=true')).toEqual(['second']);
    const { body: restored } = await ada.api<TaskDto>(`/tasks/${grandchild.id}`);
    expect(restored).toEqual(
      Object.assign({}, grandchild, { version: 3, updatedAt: restored.updatedAt }),
    );
    expect((await restore(second.id)).body).toMatchObject({ parentId: root.id, version: 3 });
  });

  it('within a subtree that is deleted later keeps its own trash', async () => {
    const { root, child } = await createTree();
    await remove(child.id);
    await remove(root.id);
    await restore(root.id);
    expect(await titles('?trashed=true')).toEqual(['child', 'grandchild']);
    await restore(child.id);
    expect(await titles()).toEqual([...TREE, 'other'].sort());
  });

  it.each<{ op: string; operation: (parentId: string, id: string) => object }>([
    { op: 'create', operation: (parentId) => ({ task: { title: 'new', parentId } }) },
    { op: 'update', operation: (parentId, id) => ({ id, patch: { parentId } }) },
    { op: 'move', operation: (parentId, id) => ({ id, parentId }) },
  ])('takes what a batch has put below it by $op', async ({ op, operation }) => {
    const [parent, { id }] = [await ada.create({ title: 'parent' }), await ada.create()];
    const json = { operations: [{ op, ...operation(parent.id, id) }] };
    expect((await ada.api('/tasks/batch', { method: 'POST', json })).status).toBe(200);
    const subtasks = (await ada.list(`?parent=${parent.id}`)).data;
    expect(subtasks).toHaveLength(1);
    await remove(parent.id);
    expect(await titles()).not.toContain(subtasks[0]?.title);
    expect(await orphans()).toEqual([]);
    await restore(parent.id);
    expect((await ada.list(`?parent=${parent.id}`)).data).toHaveLength(1);
    expect((await remove(parent.id, '?permanent=true')).status).toBe(204);
    expect(await wrongCounts(app)).toEqual([]);
  });

  it('with ?permanent=true removes all below it, wherever it is, and counts it', async () => {
    const { root, child, second } = await createTree();
    await remove(second.id);
    expect((await remove(child.id, '?permanent=true')).status).toBe(204);
    expect([await titles(), await titles('?trashed=true')]).toEqual([
      ['other', 'root'],
      ['second'],
    ]);
    expect((await remove(root.id, '?permanent=true')).status).toBe(204);
    expect([await titles(), await titles('?trashed=true')]).toEqual([['other'], []]);
    expect(await wrongCounts(app)).toEqual([]);
  });

  it('with ?permanent=true removes it from the trash, with all below it', async () => {
    const { root } = await createTree();
    await remove(root.id);
    expect((await remove(root.id, '?permanent=true')).status).toBe(204);
    expect([await titles(), await titles('?trashed=true')]).toEqual([['other'], []]);
    expect(await wrongCounts(app)).toEqual([]);
  });

  it.each(['', '?permanent=true'])(
    '%s with an ETag that is not the current one changes nothing',
    async (parameters) => {
      const { root } = await createTree();
      const response = await ada.api(`/tasks/${root.id}${parameters}`, {
        method: 'DELETE',
        headers: { 'if-match': '"7"' },
      });
      expect(response.status).toBe(412);
      expect(await titles()).toEqual([...TREE, 'other'].sort());
    },
  );
});

describe('the restore of a task', () => {
  it('whose parent is in the trash is 409, as long as it is', async () => {
    const { root, child, grandchild } = await createTree();
    await remove(root.id);
    for (const { id } of [child, grandchild]) {
      const { status, body } = await ada.api(`/tasks/${id}/restore`, { method: 'POST' });
      expect([status, body.code]).toEqual([409, 'parent_in_trash']);
    }
    await restore(root.id);
    expect((await restore(child.id)).status).toBe(404);
    expect(await titles()).toEqual([...TREE, 'other'].sort());
  });

  it('whose list is in the trash is 409, as long as it is', async () => {
    const list = await createList(ada);
    const { id } = await ada.create({ listId: list.id });
    await remove(id);
    await ada.api(`/lists/${list.id}`, { method: 'DELETE' });
    const { status, body } = await ada.api(`/tasks/${id}/restore`, { method: 'POST' });
    expect([status, body.code]).toEqual([409, 'parent_in_trash']);
    await ada.api(`/lists/${list.id}/restore`, { method: 'POST' });
    expect((await restore(id)).body).toMatchObject({ listId: list.id, version: 3 });
  });
});

describe('at once', () => {
  const CHILDREN = 20;

  it('creates below a task and its delete leave nothing below a task in the trash', async () => {
    for (let round = 0; round < 8; round += 1) {
      const { id } = await ada.create({ title: 'parent' });
      const requests = Array.from({ length: CHILDREN }, (_, child) =>
        child === round * 2
          ? remove(id)
          : ada.api('/tasks', { method: 'POST', json: { title: 'child', parentId: id } }),
      );
      const statuses = (await Promise.all(requests)).map(({ status }) => status);
      expect(statuses.toSpliced(round * 2, 1).filter((s) => s !== 201 && s !== 422)).toEqual([]);
      expect(statuses[round * 2]).toBe(204);
      expect(await orphans()).toEqual([]);
    }
    expect(await titles()).toEqual([]);
    expect(await wrongCounts(app)).toEqual([]);
  });

  it('a delete that comes after the look at the parent, and before the create, takes the child with it', async () => {
    const parent = await ada.create({ title: 'parent' });
    const deletion = deleteAfterNextLook(parent.id);
    const created = await ada.api('/tasks', {
      method: 'POST',
      json: { title: 'child', parentId: parent.id },
    });
    const deleted = await deletion();
    expect([201, 422]).toContain(created.status);
    expect(deleted?.status).toBe(204);
    expect(await titles()).toEqual([]);
  });

  /** Sends a delete right after the next look at a parent, which goes on when that is done or waits. */
  function deleteAfterNextLook(id: string) {
    const findParent = Reflect.get(TasksRepository.prototype, 'findParent');
    const spy = jest.spyOn(TasksRepository.prototype, 'findParent');
    let deletion: ReturnType<typeof remove> | undefined;
    spy.mockImplementation(async function (this: TasksRepository, ...parameters) {
      spy.mockRestore();
      const parent = await findParent.apply(this, parameters);
      let isDone = false;
      deletion = remove(id).finally(() => {
        isDone = true;
      });
      await until(async () => isDone || (await waiting()).length > 0);
      return parent;
    });
    return () => deletion;
  }

  const waiting = () =>
    query(`
      select pid from pg_stat_activity
       where datname = current_database() and wait_event_type = 'Lock'`);

  it('two tasks that are put below each other make no circle', async () => {
    for (let round = 0; round < 10; round += 1) {
      const [a, b] = [await ada.create(), await ada.create()];
      const put = (from: TaskDto, parentId: string) =>
        round % 2 === 0
          ? move(ada, `/tasks/${from.id}`, { parentId })
          : ada.api(`/tasks/${from.id}`, { method: 'PATCH', json: { parentId } });
      const responses = await Promise.all([put(a, b.id), put(b, a.id)]);
      expect(responses.map(({ status }) => status).sort()).toEqual([200, 422]);
      const parents = await Promise.all(
        [a, b].map(async ({ id }) => (await ada.api<TaskDto>(`/tasks/${id}`)).body.parentId),
      );
      expect(parents.filter((parentId) => parentId === null)).toHaveLength(1);
    }
  });

  it('a list is deleted and tasks are added to it: none stays in a list that is in the trash', async () => {
    for (let round = 0; round < 5; round += 1) {
      const list = await createList(ada);
      const task = await ada.create();
      const responses = await Promise.all([
        ...Array.from({ length: 8 }, () =>
          ada.api('/tasks', { method: 'POST', json: { title: 'x', listId: list.id } }),
        ),
        ada.api(`/lists/${list.id}`, { method: 'DELETE' }),
        ada.api(`/tasks/${task.id}`, { method: 'PATCH', json: { listId: list.id } }),
      ]);
      for (const { status } of responses) expect([200, 201, 204, 422]).toContain(status);
      expect((await ada.list(`?list=${list.id}`)).data).toEqual([]);
    }
  });
});
