import { beforeEach, describe, expect, it } from '@jest/globals';
import type { TaskDto } from '../../src/tasks/task.dto.js';
import { useApp } from '../support/app.js';
import type { ApiResponse, TestUser } from '../support/client.js';
import { brokenRules, bytesOf, createList, idsOf, MADE_UP, move } from '../support/places.js';
import { bareTask } from '../support/tasks.js';
import { mintUser, SECRET_MODE } from '../support/tokens.js';

const app = useApp(SECRET_MODE);
let ada: TestUser;

beforeEach(async () => {
  ada = await mintUser(app.url, `ada ${crypto.randomUUID()}`);
});

const patch = (id: string, json: object) =>
  ada.api<TaskDto>(`/tasks/${id}`, { method: 'PATCH', json });
const post = (json: object) =>
  ada.api<TaskDto>('/tasks', { method: 'POST', json: { title: 'Buy milk', ...json } });
const read = async (id: string) => (await ada.api<TaskDto>(`/tasks/${id}`)).body;

/** Creates tasks, each below the previous one. */
async function createChain(length: number, fields: object = {}): Promise<TaskDto[]> {
  const chain: TaskDto[] = [];
  for (let level = 0; level < length; level += 1) {
    const parent = chain.at(-1);
    const place = parent === undefined ? fields : { parentId: parent.id };
    chain.push(await ada.create({ title: `level ${String(level)}`, ...place }));
  }
  return chain;
}

/** Creates a task with a subtask that has one of its own, and a second subtask. */
async function createTree(fields: object = {}) {
  const [root, child, grandchild] = (await createChain(3, fields)) as [TaskDto, TaskDto, TaskDto];
  const second = await ada.create({ title: 'second', parentId: root.id });
  return { root, child, grandchild, second };
}

describe('a subtask', () => {
  it('is created below its parent, in the list of it', async () => {
    const list = await createList(ada);
    const chain = await createChain(3, { listId: list.id });
    expect(chain.map(({ listId }) => listId)).toEqual([list.id, list.id, list.id]);
    expect(chain.map(({ parentId }) => parentId)).toEqual([null, chain[0]?.id, chain[1]?.id]);
    expect(await read(chain[0]?.id ?? '')).toEqual(chain[0]);
    const named = await post({ parentId: chain[0]?.id, listId: list.id });
    expect([named.status, named.body.listId]).toEqual([201, list.id]);
  });

  it('is found by its parent, and what is at the top by none', async () => {
    const { root, child, grandchild, second } = await createTree();
    const found = async (query: string) => idsOf((await ada.list(`?sort=position&${query}`)).data);
    expect(await found(`parent=${root.id}`)).toEqual([child.id, second.id]);
    expect(await found(`parent=${root.id},${child.id}`)).toEqual([
      child.id,
      grandchild.id,
      second.id,
    ]);
    expect(await found('parent=none')).toEqual([root.id]);
    expect(await found(`parent=none,${child.id}`)).toEqual([root.id, grandchild.id]);
    expect(await found(`parent=${MADE_UP}`)).toEqual([]);
  });

  it('is put below another task, to the top, or kept where it is', async () => {
    const [list, { root, child, grandchild }] = [await createList(ada), await createTree()];
    const other = await ada.create({ listId: list.id });
    const put = { ...bareTask('x'), parentId: other.id };
    const replaced = await ada.api<TaskDto>(`/tasks/${child.id}`, { method: 'PUT', json: put });
    expect(replaced.body).toMatchObject({ parentId: other.id, listId: list.id, version: 2 });
    expect(await read(grandchild.id)).toMatchObject({ listId: list.id, version: 2 });
    const kept = await ada.api(`/tasks/${child.id}`, { method: 'PUT', json: bareTask('y') });
    expect(kept.body).toMatchObject({ parentId: other.id, listId: list.id, version: 3 });
    const unchanged = await patch(child.id, { parentId: other.id, listId: list.id });
    expect(unchanged.body).toMatchObject({ version: 3 });
    const top = await patch(child.id, { parentId: null });
    expect(top.body).toMatchObject({ parentId: null, listId: list.id, version: 4 });
    const back = await patch(child.id, { parentId: root.id });
    expect(back.body).toMatchObject({ parentId: root.id, listId: null });
    expect(await read(grandchild.id)).toMatchObject({ listId: null, version: 3 });
  });

  it('follows its parent to another list, also in the trash', async () => {
    const list = await createList(ada);
    const { root, child, grandchild, second } = await createTree();
    await ada.api(`/tasks/${second.id}`, { method: 'DELETE' });
    expect((await patch(root.id, { listId: list.id })).body.listId).toBe(list.id);
    const restored = await ada.api(`/tasks/${second.id}/restore`, { method: 'POST' });
    expect(restored.status).toBe(200);
    for (const { id } of [child, grandchild, second]) {
      expect((await read(id)).listId).toBe(list.id);
    }
    expect([(await read(child.id)).version, (await read(grandchild.id)).version]).toEqual([2, 2]);
  });

  it('follows its parent out of a list that is deleted with ?tasks=keep, also in the trash', async () => {
    const list = await createList(ada);
    const { child, second } = await createTree({ listId: list.id });
    await ada.api(`/tasks/${second.id}`, { method: 'DELETE' });
    await ada.api(`/lists/${list.id}?tasks=keep`, { method: 'DELETE' });
    const { status, body } = await ada.api<TaskDto>(`/tasks/${second.id}/restore`, {
      method: 'POST',
    });
    expect([status, body.listId]).toEqual([200, null]);
    expect((await read(child.id)).listId).toBeNull();
  });

  it('is created once by a request that is sent again', async () => {
    const { id } = await ada.create();
    const headers = { 'idempotency-key': crypto.randomUUID() };
    const request = { method: 'POST', json: { title: 'once', parentId: id }, headers };
    const [first, second] = [await ada.api('/tasks', request), await ada.api('/tasks', request)];
    expect(second.body).toEqual(first.body);
    expect(second.headers.get('idempotency-replayed')).toBe('true');
    expect((await ada.list(`?parent=${id}`)).data).toHaveLength(1);
  });

  it('is not put anywhere with an ETag that is not the current one', async () => {
    const { root, grandchild } = await createTree();
    const response = await ada.api(`/tasks/${grandchild.id}`, {
      method: 'PATCH',
      json: { parentId: root.id },
      headers: { 'if-match': '"7"' },
    });
    expect([response.status, response.headers.get('etag')]).toEqual([412, '"1"']);
    expect(await read(grandchild.id)).toEqual(grandchild);
  });
});

describe('a task has at most four ancestors', () => {
  const TOO_DEEP = [422, '/parentId too_deep'];

  it('when it is created', async () => {
    const chain = await createChain(5);
    expect(chain.map(({ parentId }) => parentId !== null)).toEqual([false, true, true, true, true]);
    expect(brokenRules(await post({ parentId: chain.at(-1)?.id }))).toEqual(TOO_DEEP);
    expect((await ada.list()).data).toHaveLength(5);
  });

  it.each(['PATCH', 'move', 'move beside a subtask'])(
    'when it is put below another with all below it, by %s',
    async (way) => {
      const [chain, tree] = [await createChain(4), await createTree()];
      const put = async (parent: TaskDto | undefined) => {
        if (way === 'PATCH') return patch(tree.root.id, { parentId: parent?.id });
        if (way === 'move')
          return move<TaskDto>(ada, `/tasks/${tree.root.id}`, { parentId: parent?.id });
        const sibling = await ada.create({ parentId: parent?.id });
        return move<TaskDto>(ada, `/tasks/${tree.root.id}`, { before: sibling.id });
      };
      const pointer = way.includes('beside') ? '/before' : '/parentId';
      expect(brokenRules(await put(chain[2]))).toEqual([422, `${pointer} too_deep`]);
      expect(await read(tree.root.id)).toEqual(tree.root);
      expect((await put(chain[1])).body).toMatchObject({ parentId: chain[1]?.id, version: 2 });
    },
  );

  it('when what lies below it is in the trash', async () => {
    const [chain, tree] = [await createChain(4), await createTree()];
    await ada.api(`/tasks/${tree.grandchild.id}`, { method: 'DELETE' });
    expect(brokenRules(await patch(tree.root.id, { parentId: chain[2]?.id }))).toEqual(TOO_DEEP);
  });
});

describe('a place that a task cannot have', () => {
  it('is below itself', async () => {
    const { root, child, grandchild } = await createTree();
    for (const { id } of [root, child, grandchild]) {
      expect(brokenRules(await patch(root.id, { parentId: id }))).toEqual([422, '/parentId cycle']);
      const moved = await move(ada, `/tasks/${root.id}`, { parentId: id });
      expect(brokenRules(moved)).toEqual([422, '/parentId cycle']);
    }
    const beside = await move(ada, `/tasks/${root.id}`, { before: grandchild.id });
    expect(brokenRules(beside)).toEqual([422, '/before cycle']);
    expect(await read(root.id)).toEqual(root);
  });

  it('is in another list than its parent', async () => {
    const [list, other] = [await createList(ada), await createList(ada)];
    const { root, child } = await createTree({ listId: list.id });
    const NOT_OF_PARENT = [422, '/listId not_of_parent'];
    for (const listId of [other.id, null]) {
      expect(brokenRules(await patch(child.id, { listId }))).toEqual(NOT_OF_PARENT);
      const both = await patch(child.id, { listId, parentId: root.id });
      expect(brokenRules(both)).toEqual(NOT_OF_PARENT);
    }
    expect(brokenRules(await post({ parentId: root.id, listId: other.id }))).toEqual(NOT_OF_PARENT);
    expect(await read(child.id)).toEqual(child);
  });

  it.each([
    { json: { parentId: 'x' }, rules: ['/parentId uuid'] },
    { json: { listId: 5, parentId: [] }, rules: ['/listId type', '/parentId type'] },
    {
      json: { listId: MADE_UP, parentId: MADE_UP },
      rules: ['/listId not_found', '/parentId not_found'],
    },
    { json: { position: 'a0' }, rules: ['/position unknown'] },
  ])('is none: $rules', async ({ json, rules }) => {
    const task = await ada.create();
    expect(brokenRules(await post(json))).toEqual([422, ...rules]);
    expect(brokenRules(await patch(task.id, json))).toEqual([422, ...rules]);
    expect((await ada.list()).data).toEqual([task]);
  });

  it.each(['parentId', 'listId'])(
    'is the same for a %s that is foreign, in the trash or made up',
    async (field) => {
      const eve = await mintUser(app.url, `eve ${crypto.randomUUID()}`);
      const create = field === 'listId' ? createList : (user: TestUser) => user.create();
      const [foreign, trashed] = [await create(eve), await create(ada)];
      const path = field === 'listId' ? 'lists' : 'tasks';
      await ada.api(`/${path}/${trashed.id}`, { method: 'DELETE' });
      const task = await ada.create();
      const ways: ((json: object) => Promise<ApiResponse<object>>)[] = [
        (json) => post(json),
        (json) => patch(task.id, json),
        (json) =>
          ada.api(`/tasks/${task.id}`, { method: 'PUT', json: { ...bareTask('x'), ...json } }),
        (json) => move(ada, `/tasks/${task.id}`, json),
      ];
      for (const way of ways) {
        const responses: ApiResponse<object>[] = [];
        for (const id of [foreign.id, trashed.id, MADE_UP])
          responses.push(await way({ [field]: id }));
        for (const response of responses)
          expect(brokenRules(response)).toEqual([422, `/${field} not_found`]);
        expect(new Set(responses.map(bytesOf)).size).toBe(1);
      }
      expect(await read(task.id)).toEqual(task);
    },
  );
});
