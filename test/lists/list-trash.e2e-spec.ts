import { beforeEach, describe, expect, it } from '@jest/globals';
import type { ListDto } from '../../src/lists/list.dto.js';
import type { TaskDto } from '../../src/tasks/task.dto.js';
import { useApp } from '../support/app.js';
import type { TestUser } from '../support/client.js';
import { createList } from '../support/places.js';
import { mintUser, SECRET_MODE } from '../support/tokens.js';
import { wrongCounts } from '../support/usage.js';

const app = useApp(SECRET_MODE);
let ada: TestUser;

beforeEach(async () => {
  ada = await mintUser(app.url, `ada ${crypto.randomUUID()}`);
});

const write = (method: string, path: string) => ada.api<ListDto>(path, { method });
const remove = (list: ListDto, query = '') => write('DELETE', `/lists/${list.id}${query}`);
const titles = (rows: readonly TaskDto[]) => rows.map(({ title }) => title).sort();
const live = async () => titles((await ada.list()).data);
const trash = async () => titles((await ada.list('?trashed=true')).data);

/** A list with a task, one that has a subtask, and what lay in the trash before; and tasks elsewhere. */
async function createFilled(): Promise<ListDto> {
  const [list, other] = [await createList(ada), await createList(ada)];
  await ada.create({ title: 'elsewhere', listId: other.id });
  await ada.create({ title: 'nowhere' });
  await ada.create({ title: 'task', listId: list.id });
  const parent = await ada.create({ title: 'parent', listId: list.id });
  await ada.create({ title: 'subtask', parentId: parent.id });
  for (const fields of [{ parentId: parent.id }, { listId: list.id }]) {
    const { id } = await ada.create({
      title: 'parentId' in fields ? 'old subtask' : 'old',
      ...fields,
    });
    await ada.api(`/tasks/${id}`, { method: 'DELETE' });
  }
  return list;
}

const OTHERS = ['elsewhere', 'nowhere'];
const TAKEN = ['parent', 'subtask', 'task'];
const OLD = ['old', 'old subtask'];

describe('the delete of a list', () => {
  it('takes its tasks to the trash, and its restore brings back exactly those', async () => {
    const list = await createFilled();
    expect((await remove(list)).status).toBe(204);
    expect((await ada.api(`/lists/${list.id}`)).status).toBe(404);
    expect(await live()).toEqual(OTHERS);
    expect(await trash()).toEqual([...OLD, ...TAKEN].sort());
    const restored = await write('POST', `/lists/${list.id}/restore`);
    expect(restored.body).toEqual(
      Object.assign({}, list, { version: 3, updatedAt: restored.body.updatedAt }),
    );
    expect(await live()).toEqual([...OTHERS, ...TAKEN].sort());
    expect(await trash()).toEqual(OLD);
    const { data } = await ada.list(`?list=${list.id}`);
    expect(titles(data)).toEqual(TAKEN);
    expect(data.map(({ version }) => version)).toEqual([3, 3, 3]);
  });

  it('leaves its tasks in the trash until it is restored itself', async () => {
    await remove(await createFilled());
    for (const { id, title } of (await ada.list('?trashed=true')).data) {
      const { status, body } = await ada.api(`/tasks/${id}/restore`, { method: 'POST' });
      expect([title, status, body.code]).toEqual([title, 409, 'parent_in_trash']);
    }
    expect(await live()).toEqual(OTHERS);
  });

  it('with ?tasks=keep moves its tasks to no list, which they stay in', async () => {
    const list = await createFilled();
    expect((await remove(list, '?tasks=keep')).status).toBe(204);
    expect(await live()).toEqual([...OTHERS, ...TAKEN].sort());
    expect(await trash()).toEqual(OLD);
    await write('POST', `/lists/${list.id}/restore`);
    const withoutList = (await ada.list('?list=none')).data;
    expect(titles(withoutList)).toEqual(['nowhere', ...TAKEN]);
    expect((await ada.list(`?list=${list.id}`)).data).toEqual([]);
  });

  it.each(['list', 'trash'])(
    'with ?permanent=true removes its tasks from the %s; those that lay in the trash have no list',
    async (from) => {
      const list = await createFilled();
      if (from === 'trash') await remove(list);
      expect((await remove(list, '?permanent=true')).status).toBe(204);
      expect((await write('POST', `/lists/${list.id}/restore`)).status).toBe(404);
      expect(await live()).toEqual(OTHERS);
      const [old, ...more] = (await ada.list('?trashed=true')).data;
      expect([old?.title, old?.listId, more]).toEqual(['old', null, []]);
      const restored = await ada.api<TaskDto>(`/tasks/${String(old?.id)}/restore`, {
        method: 'POST',
      });
      expect([restored.status, restored.body.listId]).toEqual([200, null]);
      expect(await wrongCounts(app)).toEqual([]);
    },
  );

  it('with ?permanent=true&tasks=keep removes no task', async () => {
    const list = await createFilled();
    expect((await remove(list, '?permanent=true&tasks=keep')).status).toBe(204);
    expect((await write('POST', `/lists/${list.id}/restore`)).status).toBe(404);
    expect(await live()).toEqual([...OTHERS, ...TAKEN].sort());
    expect((await ada.list('?trashed=true')).data.map(({ listId }) => listId)).toEqual([
      null,
      null,
    ]);
    expect(await wrongCounts(app)).toEqual([]);
  });

  it.each(['?tasks=drop', '?tasks=', '?tasks=keep&tasks=keep', '?permanent=1', '?x=1'])(
    '%s is 400, and deletes nothing',
    async (query) => {
      const list = await createFilled();
      expect((await remove(list, query)).status).toBe(400);
      expect((await ada.api(`/lists/${list.id}`)).body).toEqual(list);
    },
  );

  it.each(['', '?tasks=keep', '?permanent=true'])(
    '%s with an ETag that is not the current one changes nothing',
    async (query) => {
      const list = await createFilled();
      const { status } = await ada.api(`/lists/${list.id}${query}`, {
        method: 'DELETE',
        headers: { 'if-match': '"7"' },
      });
      expect(status).toBe(412);
      expect(titles((await ada.list(`?list=${list.id}`)).data)).toEqual(TAKEN);
      expect(await trash()).toEqual(OLD);
    },
  );
});
