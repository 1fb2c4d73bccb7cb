import { beforeEach, describe, expect, it } from '@jest/globals';
import type { ChangeDto, ChangePageDto } from '../../src/changes/change.dto.js';
import { ChangesPurge } from '../../src/changes/changes-purge.js';
import type { TaskDto } from '../../src/tasks/task.dto.js';
import { TrashPurge } from '../../src/tasks/trash-purge.js';
import { useApp } from '../support/app.js';
import type { TestUser } from '../support/client.js';
import { trustClock } from '../support/clock.js';
import { asDatabaseOwner, withOwner } from '../support/database.js';
import { createList, move } from '../support/places.js';
import { bareTask, RECURRING } from '../support/tasks.js';
import { mintUser, SECRET_MODE } from '../support/tokens.js';

const app = useApp({ ...SECRET_MODE, HISTORY_RETENTION_DAYS: '7' });
let ada: TestUser;
let eve: TestUser;

beforeEach(async () => {
  ada = await mintUser(app.url, `ada ${crypto.randomUUID()}`);
  eve = await mintUser(app.url, `eve ${crypto.randomUUID()}`);
});

const changesOf = async (user: TestUser, since?: string, limit = 200): Promise<ChangePageDto> => {
  const query = since === undefined ? '' : `?since=${since}&limit=${limit}`;
  const { status, body } = await user.api<ChangePageDto>(`/changes${query}`);
  expect(status).toBe(200);
  return body;
};
const now = async (user: TestUser) => (await changesOf(user)).nextToken;
const typesSince = async (token: string) =>
  (await changesOf(ada, token)).data.map(({ type }) => type);
const post = <T = TaskDto>(path: string, json?: object) =>
  ada.api<T>(path, { method: 'POST', ...(json && { json }) });
const patch = (path: string, json?: object) =>
  ada.api(path, { method: 'PATCH', ...(json && { json }) });
const remove = (path: string) => ada.api(path, { method: 'DELETE' });

describe('the changes', () => {
  it('without a token have no data, and a token of now', async () => {
    await ada.create();
    const { data, nextToken, hasMore } = await changesOf(ada);
    expect([data, hasMore]).toEqual([[], false]);
    expect(await changesOf(ada, nextToken)).toEqual({ data: [], nextToken, hasMore: false });
  });

  it('of a user who has none have a token, too', async () => {
    const token = await now(ada);
    const task = await ada.create();
    const { data } = await changesOf(ada, token);
    expect(data).toEqual([
      {
        token: expect.any(String),
        type: 'task.created',
        id: task.id,
        version: 1,
        at: task.createdAt,
        task,
      },
    ]);
  });

  const WRITES: readonly {
    what: string;
    write: (task: TaskDto) => Promise<unknown>;
    types: string[];
  }[] = [
    {
      what: 'a PUT',
      write: ({ id }) => ada.api(`/tasks/${id}`, { method: 'PUT', json: bareTask('x') }),
      types: ['task.updated'],
    },
    {
      what: 'a PATCH',
      write: ({ id }) => patch(`/tasks/${id}`, { title: 'x' }),
      types: ['task.updated'],
    },
    {
      what: 'a completion',
      write: ({ id }) => patch(`/tasks/${id}/complete`),
      types: ['task.completed'],
    },
    {
      what: 'a completion by PATCH with other fields',
      write: ({ id }) => patch(`/tasks/${id}`, { completed: true, title: 'x' }),
      types: ['task.completed'],
    },
    {
      what: 'a reopening',
      write: async ({ id }) => {
        await patch(`/tasks/${id}/complete`);
        await patch(`/tasks/${id}/complete`);
      },
      types: ['task.reopened'],
    },
    { what: 'a move', write: ({ id }) => move(ada, `/tasks/${id}`), types: ['task.moved'] },
    { what: 'a delete', write: ({ id }) => remove(`/tasks/${id}`), types: ['task.trashed'] },
    {
      what: 'a restore',
      write: async ({ id }) => {
        await remove(`/tasks/${id}`);
        await post(`/tasks/${id}/restore`);
      },
      types: ['task.restored'],
    },
    {
      what: 'a permanent delete',
      write: ({ id }) => remove(`/tasks/${id}?permanent=true`),
      types: ['task.removed'],
    },
    {
      what: 'a batch',
      write: ({ id }) =>
        post('/tasks/batch', {
          operations: [
            { op: 'create', task: { title: 'a' } },
            { op: 'update', id, patch: { completed: true } },
          ],
        }),
      types: ['task.completed', 'task.created'],
    },
    {
      what: 'a delete in a batch',
      write: ({ id }) => post('/tasks/batch', { operations: [{ op: 'delete', id }] }),
      types: ['task.trashed'],
    },
    {
      what: 'a dry run',
      write: ({ id }) => post('/tasks/batch', { operations: [{ op: 'delete', id }], dryRun: true }),
      types: [],
    },
    {
      what: 'a change of nothing',
      write: ({ id, title }) => patch(`/tasks/${id}`, { title }),
      types: [],
    },
    {
      what: 'a write under a stale If-Match',
      write: ({ id }) =>
        ada.api(`/tasks/${id}`, {
          method: 'PATCH',
          headers: { 'if-match': '"7"' },
          json: { title: 'x' },
        }),
      types: [],
    },
    {
      what: 'the completion of a recurring task',
      write: async () => {
        const { id } = await ada.create(RECURRING);
        await patch(`/tasks/${id}/complete`);
      },
      types: ['task.completed', 'task.created'],
    },
    {
      what: 'the skip of a date',
      write: async () => {
        const { id } = await ada.create(RECURRING);
        await post(`/tasks/${id}/skip`);
      },
      types: ['task.updated'],
    },
    {
      what: 'the delete of a task with a subtask',
      write: async ({ id }) => {
        await ada.create({ parentId: id });
        await remove(`/tasks/${id}`);
      },
      types: ['task.trashed', 'task.trashed'],
    },
    {
      what: 'the restore of a task with a subtask',
      write: async ({ id }) => {
        await ada.create({ parentId: id });
        await remove(`/tasks/${id}`);
        await post(`/tasks/${id}/restore`);
      },
      types: ['task.restored', 'task.restored'],
    },
    {
      what: 'the permanent delete of a task with a subtask',
      write: async ({ id }) => {
        await ada.create({ parentId: id });
        await remove(`/tasks/${id}?permanent=true`);
      },
      types: ['task.removed', 'task.removed'],
    },
    {
      what: 'the completion of a task with its subtask',
      write: async ({ id }) => {
        await ada.create({ parentId: id });
        await patch(`/tasks/${id}/complete?subtasks=complete`);
      },
      types: ['task.completed', 'task.completed'],
    },
    {
      what: 'the move of a task with a subtask to a list',
      write: async ({ id }) => {
        await ada.create({ parentId: id });
        await patch(`/tasks/${id}`, { listId: (await createList(ada)).id });
      },
      types: ['list.created', 'task.moved', 'task.moved'],
    },
  ];

  it.each(WRITES)('have the entries of $what', async ({ write, types }) => {
    const task = await ada.create();
    const token = await now(ada);
    await write(task);
    expect(await typesSince(token)).toEqual(types);
  });

  const LIST_WRITES: readonly {
    what: string;
    write: (id: string) => Promise<unknown>;
    types: string[];
  }[] = [
    {
      what: 'a PUT',
      write: (id) =>
        ada.api(`/lists/${id}`, {
          method: 'PUT',
          json: { name: 'x', color: null, archived: true },
        }),
      types: ['list.updated'],
    },
    {
      what: 'a PATCH',
      write: (id) => patch(`/lists/${id}`, { archived: true }),
      types: ['list.updated'],
    },
    { what: 'a move', write: (id) => move(ada, `/lists/${id}`), types: ['list.moved'] },
    {
      what: 'a delete',
      write: (id) => remove(`/lists/${id}`),
      types: ['list.trashed', 'task.trashed'],
    },
    {
      what: 'a delete that keeps the tasks',
      write: (id) => remove(`/lists/${id}?tasks=keep`),
      types: ['list.trashed', 'task.moved'],
    },
    {
      what: 'a restore',
      write: async (id) => {
        await remove(`/lists/${id}`);
        await post(`/lists/${id}/restore`);
      },
      types: ['list.restored', 'task.restored'],
    },
    {
      what: 'a permanent delete',
      write: (id) => remove(`/lists/${id}?permanent=true`),
      types: ['task.removed', 'list.removed'],
    },
    {
      what: 'a permanent delete that keeps the tasks',
      write: (id) => remove(`/lists/${id}?permanent=true&tasks=keep`),
      types: ['task.moved', 'list.removed'],
    },
  ];

  it.each(LIST_WRITES)('have the entries of $what of a list', async ({ write, types }) => {
    const { id } = await createList(ada);
    await ada.create({ listId: id });
    const token = await now(ada);
    await write(id);
    expect(await typesSince(token)).toEqual(types);
  });

  it('of one thing come once, as it is, in the order of the latest', async () => {
    const token = await now(ada);
    const a = await ada.create({ title: 'a' });
    const b = await ada.create({ title: 'b' });
    await patch(`/tasks/${a.id}`, { title: 'A' });
    const { data } = await changesOf(ada, token);
    expect(data).toMatchObject([
      { type: 'task.created', id: b.id, version: 1, task: b },
      { type: 'task.updated', id: a.id, version: 2, task: { title: 'A', version: 2 } },
    ]);
  });

  it('have what is in the trash with its state, and null for what was deleted for good', async () => {
    const token = await now(ada);
    const [a, b] = [await ada.create({ title: 'a' }), await ada.create({ title: 'b' })];
    await remove(`/tasks/${a.id}`);
    await remove(`/tasks/${b.id}?permanent=true`);
    expect((await changesOf(ada, token)).data).toMatchObject([
      { type: 'task.trashed', id: a.id, version: 2, task: { title: 'a', version: 2 } },
      { type: 'task.removed', id: b.id, task: null },
    ]);
  });

  it('of a task that loses its list while it is in the trash come as trashed', async () => {
    const { id: listId } = await createList(ada);
    const task = await ada.create({ listId });
    await remove(`/tasks/${task.id}`);
    const token = await now(ada);
    await remove(`/lists/${listId}?permanent=true`);
    expect((await changesOf(ada, token)).data).toMatchObject([
      { type: 'task.trashed', id: task.id, task: { listId: null, version: 3 } },
      { type: 'list.removed', id: listId, list: null },
    ]);
  });

  it('come page by page, each token standing for the moment after its change', async () => {
    const start = await now(ada);
    const ids = [];
    for (let i = 0; i < 5; i += 1) ids.push((await ada.create({ title: `${i}` })).id);
    const seen: ChangeDto[] = [];
    let page: ChangePageDto = { data: [], nextToken: start, hasMore: true };
    while (page.hasMore) {
      page = await changesOf(ada, page.nextToken, 2);
      expect(page.data.length).toBeLessThanOrEqual(2);
      seen.push(...page.data);
    }
    expect(seen.map(({ id }) => id)).toEqual(ids);
    const third = seen[2]?.token ?? '';
    expect((await changesOf(ada, third)).data.map(({ id }) => id)).toEqual(ids.slice(3));
  });

  it('go on past thousands of changes of one thing', async () => {
    const token = await now(ada);
    const first = await ada.create({ title: 'first' });
    await asDatabaseOwner(
      app,
      `insert into change (owner_id, seq, type, id, version)
       select '${ada.id}', 1 + n, 'task.updated', '${first.id}', n from generate_series(1, 4500) n;
       update change_counter set seq = 4501 where owner_id = '${ada.id}'`,
    );
    const last = await ada.create({ title: 'last' });
    const seen = [];
    let page: ChangePageDto = { data: [], nextToken: token, hasMore: true };
    for (let pages = 0; page.hasMore && pages < 10; pages += 1) {
      page = await changesOf(ada, page.nextToken);
      seen.push(...page.data.map(({ id }) => id));
    }
    expect(seen).toEqual([first.id, last.id]);
  });

  it('have none of another user', async () => {
    const token = await now(eve);
    await ada.create();
    expect((await changesOf(eve, token)).data).toEqual([]);
  });

  const TOKENS: readonly { what: string; token: () => Promise<string> }[] = [
    { what: 'another user', token: () => now(eve) },
    { what: 'nothing', token: () => Promise.resolve('made-up') },
    { what: 'the empty string', token: () => Promise.resolve('') },
    {
      what: 'a list',
      token: async () => {
        for (let i = 0; i < 2; i += 1) await ada.create();
        return (await ada.list('?limit=1')).nextCursor ?? '';
      },
    },
  ];

  it.each(TOKENS)('refuse the token of $what', async ({ token }) => {
    const { status, body } = await ada.api(`/changes?since=${await token()}`);
    expect([status, body.code, body.errors]).toEqual([
      400,
      'invalid_parameter',
      [
        {
          parameter: 'since',
          code: 'change_token',
          detail: 'since must be a token of your changes.',
        },
      ],
    ]);
  });
});

describe('the purges', () => {
  beforeEach(() => trustClock(app));

  it('of the trash append what they remove', async () => {
    const { id: listId } = await createList(ada);
    const task = await ada.create({ title: 'old', listId });
    await ada.create({ title: 'below', parentId: task.id });
    await remove(`/lists/${listId}`);
    const token = await now(ada);
    await asDatabaseOwner(
      app,
      `update task set deleted_at = now() - interval '31 days' where owner_id = '${ada.id}';
       update list set deleted_at = now() - interval '31 days' where owner_id = '${ada.id}'`,
    );
    await app.nest.get(TrashPurge).run();
    expect((await changesOf(ada, token)).data).toMatchObject([
      { type: 'task.removed', task: null },
      { type: 'task.removed', task: null },
      { type: 'list.removed', id: listId, list: null },
    ]);
  });

  it('of the log make tokens expire whose next entries are gone, and no others', async () => {
    const token = await now(ada);
    const old = await ada.create({ title: 'old' });
    const later = await now(ada);
    await asDatabaseOwner(
      app,
      `update change set at = now() - interval '7 days 1 minute' where id = '${old.id}'`,
    );
    await ada.create({ title: 'new' });
    await app.nest.get(ChangesPurge).run();
    const { status, body } = await ada.api(`/changes?since=${token}`);
    expect([status, body.code]).toEqual([410, 'change_token_expired']);
    expect((await changesOf(ada, later)).data).toMatchObject([{ task: { title: 'new' } }]);
  });

  it('leave the log of a user who is writing for the next time', async () => {
    const task = await ada.create();
    await asDatabaseOwner(
      app,
      `update change set at = now() - interval '7 days 1 minute' where id = '${task.id}'`,
    );
    const entries = async () =>
      (await asDatabaseOwner(app, `select from change where id = '${task.id}'`)).length;
    await withOwner(app.databaseUrl, async (client) => {
      await client.query(
        `begin; select pg_advisory_xact_lock_shared(hashtextextended('${ada.id}', 15))`,
      );
      await app.nest.get(ChangesPurge).run();
      expect(await entries()).toBe(1);
      await client.query('commit');
    });
    await app.nest.get(ChangesPurge).run();
    expect(await entries()).toBe(0);
  });

  it('a log that was restored from a backup does not know later tokens', async () => {
    await ada.create();
    await ada.create();
    const token = await now(ada);
    await asDatabaseOwner(app, `update change_counter set seq = 1 where owner_id = '${ada.id}'`);
    const { status, body } = await ada.api(`/changes?since=${token}`);
    expect([status, body.code]).toEqual([410, 'change_token_expired']);
  });
});
