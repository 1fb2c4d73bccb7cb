import { beforeEach, describe, expect, it } from '@jest/globals';
import type { HistoryDto, VersionDto } from '../../src/resource/history.dto.js';
import type { ListDto } from '../../src/lists/list.dto.js';
import type { TaskDto } from '../../src/tasks/task.dto.js';
import { useApp } from '../support/app.js';
import type { TestUser } from '../support/client.js';
import { asDatabaseOwner } from '../support/database.js';
import { brokenRules, bytesOf, createList, MADE_UP, move } from '../support/places.js';
import { RECURRING } from '../support/tasks.js';
import { mintUser, SECRET_MODE } from '../support/tokens.js';

const app = useApp(SECRET_MODE);
let ada: TestUser;

beforeEach(async () => {
  ada = await mintUser(app.url, `ada ${crypto.randomUUID()}`);
});

const historyOf = async (path: string, query = '') =>
  (await ada.api<HistoryDto>(`${path}/history${query}`)).body;
const changesOf = async (path: string) =>
  (await historyOf(path)).data.map(({ version, type, changes }) => ({ version, type, changes }));
const patch = <T = TaskDto>(path: string, json?: object) =>
  ada.api<T>(path, { method: 'PATCH', ...(json && { json }) });
const revert = <T = TaskDto>(path: string, version: unknown, user = ada) =>
  user.api<T>(`${path}/revert`, { method: 'POST', json: { version } });

describe('the history of a task', () => {
  it('has its versions, the newest first, each with what has changed', async () => {
    const { id } = await ada.create({ title: 'Buy milk', priority: 'low' });
    const path = `/tasks/${id}`;
    await patch(path, { title: 'Buy oat milk', due: '2027-01-01', tags: ['home'] });
    await patch(path, { due: '2027-01-01T10:00:00Z', priority: 'high' });
    await patch(`${path}/complete`);
    expect(await changesOf(path)).toEqual([
      { version: 4, type: 'task.completed', changes: { completed: { from: false, to: true } } },
      {
        version: 3,
        type: 'task.updated',
        changes: {
          priority: { from: 'low', to: 'high' },
          due: { from: '2027-01-01', to: '2027-01-01T10:00:00.000Z' },
        },
      },
      {
        version: 2,
        type: 'task.updated',
        changes: {
          title: { from: 'Buy milk', to: 'Buy oat milk' },
          due: { from: null, to: '2027-01-01' },
          tags: { from: [], to: ['home'] },
        },
      },
      {
        version: 1,
        type: 'task.created',
        changes: expect.objectContaining({
          title: { from: null, to: 'Buy milk' },
          priority: { from: 'none', to: 'low' },
        }),
      },
    ]);
  });

  it('has moves, the trash, and what its tree did to it', async () => {
    const { id: listId } = await createList(ada);
    const parent = await ada.create();
    const { id, position } = await ada.create({ parentId: parent.id });
    await patch(`/tasks/${parent.id}`, { listId });
    await ada.api(`/tasks/${parent.id}`, { method: 'DELETE' });
    await ada.api(`/tasks/${parent.id}/restore`, { method: 'POST' });
    await patch(`/tasks/${parent.id}/complete?subtasks=complete`);
    await move(ada, `/tasks/${id}`, { parentId: null });
    expect(await changesOf(`/tasks/${id}`)).toEqual([
      {
        version: 6,
        type: 'task.moved',
        changes: {
          parentId: { from: parent.id, to: null },
          position: { from: position, to: expect.any(String) },
        },
      },
      { version: 5, type: 'task.completed', changes: { completed: { from: false, to: true } } },
      { version: 4, type: 'task.restored', changes: {} },
      { version: 3, type: 'task.trashed', changes: {} },
      { version: 2, type: 'task.moved', changes: { listId: { from: null, to: listId } } },
      expect.objectContaining({ version: 1, type: 'task.created' }),
    ]);
  });

  it('names no session, if its token does not', async () => {
    const { id } = await ada.create();
    expect((await historyOf(`/tasks/${id}`)).data.map(({ by }) => by)).toEqual([
      { type: 'session', name: null },
    ]);
  });

  it('comes page by page', async () => {
    const { id } = await ada.create();
    for (let i = 0; i < 4; i += 1) await patch(`/tasks/${id}`, { title: `${i}` });
    const versions: VersionDto[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const page: HistoryDto = await historyOf(`/tasks/${id}`, `?limit=2&cursor=${cursor}`);
      versions.push(...page.data);
      cursor = page.nextCursor;
    }
    expect(versions.map(({ version }) => version)).toEqual([5, 4, 3, 2, 1]);
  });

  it('is there for a task in the trash, and goes with one that is deleted for good', async () => {
    const { id } = await ada.create({ title: 'a secret' });
    await patch(`/tasks/${id}`, { title: 'none' });
    await ada.api(`/tasks/${id}`, { method: 'DELETE' });
    expect((await historyOf(`/tasks/${id}`)).data).toHaveLength(3);
    await ada.api(`/tasks/${id}?permanent=true`, { method: 'DELETE' });
    expect((await ada.api(`/tasks/${id}/history`)).status).toBe(404);
    const kept = await asDatabaseOwner(app, `select type, changes from change where id = '${id}'`);
    expect(kept).toEqual([{ type: 'task.removed', changes: null }]);
  });

  it('of another user’s task is not found, as that of a made-up one', async () => {
    const { id } = await ada.create();
    const eve = await mintUser(app.url, `eve ${crypto.randomUUID()}`);
    for (const path of ['history', 'revert']) {
      const options = path === 'revert' ? { method: 'POST', json: { version: 1 } } : {};
      const theirs = await eve.api(`/tasks/${id}/${path}`, options);
      const madeUp = await eve.api(`/tasks/${MADE_UP}/${path}`, options);
      expect(theirs.status).toBe(404);
      expect(bytesOf(theirs)).toBe(bytesOf(madeUp).replaceAll(MADE_UP, id));
      expect((await eve.api(`/lists/${id}/${path}`, options)).status).toBe(404);
    }
  });
});

describe('a revert of a task', () => {
  it('makes a new version with the content of then, and leaves the place as it is', async () => {
    const { id: listId } = await createList(ada);
    const fields = {
      title: 'Buy milk',
      description: 'Two litres',
      priority: 'high',
      tags: ['home'],
      ...RECURRING,
    };
    const created = await ada.create(fields);
    const path = `/tasks/${created.id}`;
    await patch(path, { title: 'x', description: null, priority: 'none', tags: [] });
    await patch(path, { recurrence: null });
    await patch(path, { due: null, listId });
    const { status, body } = await revert(path, 1);
    expect(status).toBe(200);
    const { title, description, priority, tags, due, recurrence } = created;
    expect(body).toMatchObject({
      ...{ title, description, priority, tags, due, recurrence },
      version: 5,
      listId,
    });
    expect((await changesOf(path))[0]).toMatchObject({
      version: 5,
      type: 'task.updated',
      changes: { title: { from: 'x', to: 'Buy milk' }, due: { from: null, to: due } },
    });
  });

  it('opens a task that was open, and completes one that was completed', async () => {
    const { id } = await ada.create();
    await patch(`/tasks/${id}/complete`);
    expect((await revert(`/tasks/${id}`, 1)).body).toMatchObject({ completed: false, version: 3 });
    expect((await revert(`/tasks/${id}`, 2)).body).toMatchObject({ completed: true, version: 4 });
  });

  it('takes back the next task that a completion has created', async () => {
    const { id } = await ada.create(RECURRING);
    await patch(`/tasks/${id}/complete`);
    expect((await ada.list()).data).toHaveLength(2);
    await revert(`/tasks/${id}`, 1);
    expect((await ada.list()).data.map((task) => task.id)).toEqual([id]);
  });

  it('to the version that it has changes nothing', async () => {
    const { id } = await ada.create();
    expect((await revert(`/tasks/${id}`, 1)).body.version).toBe(1);
  });

  it('is refused under a stale If-Match', async () => {
    const { id } = await ada.create();
    const headers = { 'if-match': '"2"' };
    const json = { version: 1 };
    const { status } = await ada.api(`/tasks/${id}/revert`, { method: 'POST', headers, json });
    expect(status).toBe(412);
  });

  it.each([
    { version: 2, rule: '/version unknown_version' },
    { version: 0, rule: '/version range' },
    { version: 1.5, rule: '/version range' },
    { version: '1', rule: '/version range' },
    { version: 2_147_483_648, rule: '/version range' },
    { version: undefined, rule: '/version required' },
  ])('to $version breaks a rule', async ({ version, rule }) => {
    const { id } = await ada.create();
    expect(brokenRules(await revert<object>(`/tasks/${id}`, version))).toEqual([422, rule]);
  });

  it('to a version that is purged breaks a rule', async () => {
    const { id } = await ada.create();
    await patch(`/tasks/${id}`, { title: 'x' });
    await asDatabaseOwner(app, `delete from change where id = '${id}' and version = 1`);
    expect(brokenRules(await revert<object>(`/tasks/${id}`, 1))).toEqual([
      422,
      '/version unknown_version',
    ]);
    expect((await changesOf(`/tasks/${id}`)).map(({ version }) => version)).toEqual([2]);
  });

  it('of a task in the trash is not found', async () => {
    const { id } = await ada.create();
    await ada.api(`/tasks/${id}`, { method: 'DELETE' });
    expect((await revert<object>(`/tasks/${id}`, 1)).status).toBe(404);
  });
});

describe('the history of a list', () => {
  it('has its versions, and each comes back', async () => {
    const list = await createList(ada, { name: 'Household', color: '#3366cc' });
    const path = `/lists/${list.id}`;
    await patch(path, { name: 'Home', color: null });
    await patch(path, { archived: true });
    await move(ada, path);
    const moved = { from: list.position, to: expect.any(String) };
    expect((await changesOf(path)).slice(0, 3)).toEqual([
      { version: 4, type: 'list.moved', changes: { position: moved } },
      { version: 3, type: 'list.updated', changes: { archived: { from: false, to: true } } },
      {
        version: 2,
        type: 'list.updated',
        changes: { name: { from: 'Household', to: 'Home' }, color: { from: '#3366cc', to: null } },
      },
    ]);
    const { body } = await revert<ListDto>(path, 1);
    expect(body).toMatchObject({
      name: 'Household',
      color: '#3366cc',
      archived: false,
      version: 5,
    });
    expect(body.position).not.toBe(list.position);
  });
});
