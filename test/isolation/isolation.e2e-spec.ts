import { EntityManager } from '@mikro-orm/postgresql';
import { beforeAll, describe, expect, it } from '@jest/globals';
import type { TaskDto, TaskPageDto } from '../../src/tasks/task.dto.js';
import { startApp, useApp } from '../support/app.js';
import { signUp, type TestUser } from '../support/client.js';
import { createDatabase, withOwner } from '../support/database.js';
import { fingerprint } from '../support/fingerprint.js';
import { MADE_UP } from '../support/places.js';
import { bareTask } from '../support/tasks.js';
import { mintUser, SECRET_MODE } from '../support/tokens.js';

const app = useApp();
let ada: TestUser;
let eve: TestUser;
let task: TaskDto;

beforeAll(async () => {
  [ada, eve] = [await signUp(app.url, 'ada'), await signUp(app.url, 'eve')];
  task = await ada.create({ title: 'Private', tags: ['secret'] });
});

const ALL = bareTask('Mine now');

describe("another user's task", () => {
  it.each<{ method: string; suffix: string; options: object }>([
    { method: 'GET', suffix: '', options: {} },
    { method: 'HEAD', suffix: '', options: {} },
    { method: 'GET', suffix: '', options: { headers: { 'if-none-match': '"1"' } } },
    { method: 'PATCH', suffix: '', options: { json: { title: 'Mine now' } } },
    { method: 'PATCH', suffix: '', options: { json: {} } },
    {
      method: 'PATCH',
      suffix: '',
      options: { json: { title: 'Mine now' }, headers: { 'if-match': '"1"' } },
    },
    {
      method: 'PATCH',
      suffix: '',
      options: { json: { title: 'Mine now' }, headers: { 'if-match': '"99"' } },
    },
    {
      method: 'PATCH',
      suffix: '',
      options: { json: { title: 'Mine now' }, headers: { 'if-match': '*' } },
    },
    { method: 'PATCH', suffix: '/complete', options: {} },
    { method: 'PATCH', suffix: '/complete', options: { json: { completed: true } } },
    {
      method: 'PATCH',
      suffix: '/complete',
      options: { json: { completed: false }, headers: { 'if-match': '"1"' } },
    },
    { method: 'DELETE', suffix: '', options: {} },
    { method: 'DELETE', suffix: '', options: { headers: { 'if-match': '"1"' } } },
    { method: 'DELETE', suffix: '', options: { headers: { 'if-match': '"99"' } } },
    { method: 'DELETE', suffix: '', options: { headers: { 'if-none-match': '"1"' } } },
    { method: 'DELETE', suffix: '?permanent=true', options: {} },
    { method: 'DELETE', suffix: '?permanent=true', options: { headers: { 'if-match': '"1"' } } },
    { method: 'DELETE', suffix: '?permanent=true', options: { headers: { 'if-match': '"99"' } } },
    { method: 'DELETE', suffix: '?permanent=true', options: { headers: { 'if-none-match': '*' } } },
    { method: 'GET', suffix: '', options: { headers: { 'if-none-match': '*' } } },
    { method: 'PUT', suffix: '', options: { json: ALL } },
    { method: 'PUT', suffix: '', options: { json: ALL, headers: { 'if-match': '"1"' } } },
    { method: 'PUT', suffix: '', options: { json: ALL, headers: { 'if-match': '"99"' } } },
    { method: 'PUT', suffix: '', options: { json: ALL, headers: { 'if-none-match': '"1"' } } },
    { method: 'PUT', suffix: '', options: { json: ALL, headers: { 'if-none-match': '*' } } },
    {
      method: 'PATCH',
      suffix: '',
      options: { json: { title: 'Mine now' }, headers: { 'if-none-match': '"1"' } },
    },
    { method: 'PATCH', suffix: '/complete', options: { headers: { 'if-none-match': '*' } } },
    { method: 'POST', suffix: '/restore', options: {} },
    { method: 'POST', suffix: '/restore', options: { headers: { 'if-match': '"1"' } } },
    { method: 'POST', suffix: '/move', options: { json: {} } },
    { method: 'POST', suffix: '/move', options: { json: { before: MADE_UP } } },
    { method: 'POST', suffix: '/move', options: { json: {}, headers: { 'if-match': '"1"' } } },
    { method: 'POST', suffix: '/move', options: { json: {}, headers: { 'if-match': '"99"' } } },
    { method: 'POST', suffix: '/move', options: { json: {}, headers: { 'if-none-match': '*' } } },
    { method: 'PATCH', suffix: '', options: { json: { parentId: null, listId: null } } },
    { method: 'PATCH', suffix: '/complete?subtasks=complete', options: {} },
    { method: 'GET', suffix: '?include=progress', options: {} },
    { method: 'POST', suffix: '', options: { json: { title: 'Mine now' } } },
  ])(
    'responds to $method$suffix $options like an unknown one',
    async ({ method, suffix, options }) => {
      const request = (id: string) =>
        eve.api<object>(`/tasks/${id}${suffix}`, { method, ...options });
      const [theirs, unknown] = [await request(task.id), await request(MADE_UP)];
      expect([404, 405]).toContain(theirs.status);
      expect(fingerprint(theirs)).toEqual(fingerprint(unknown));
      expect(JSON.stringify(theirs.body)).not.toContain('Private');
      expect((await ada.api<TaskDto>(`/tasks/${task.id}`)).body).toEqual(task);
    },
  );

  it.each<{ method: string; suffix: string; options: object }>([
    { method: 'GET', suffix: '', options: {} },
    { method: 'PUT', suffix: '', options: { json: ALL } },
    { method: 'DELETE', suffix: '', options: {} },
    { method: 'DELETE', suffix: '?permanent=true', options: {} },
    { method: 'DELETE', suffix: '?permanent=true', options: { headers: { 'if-match': '"2"' } } },
    { method: 'DELETE', suffix: '?permanent=true', options: { headers: { 'if-match': '"99"' } } },
    {
      method: 'DELETE',
      suffix: '?permanent=true',
      options: { headers: { 'if-none-match': '"2"' } },
    },
    { method: 'POST', suffix: '/restore', options: {} },
    { method: 'POST', suffix: '/restore', options: { headers: { 'if-match': '"2"' } } },
    { method: 'POST', suffix: '/restore', options: { headers: { 'if-match': '"99"' } } },
    { method: 'POST', suffix: '/restore', options: { headers: { 'if-none-match': '*' } } },
  ])(
    'in the trash, too, responds to $method$suffix $options like an unknown one',
    async ({ method, suffix, options }) => {
      const owner = await signUp(app.url, 'owner');
      const { id, title } = await owner.create({ title: 'Private' });
      await owner.api(`/tasks/${id}`, { method: 'DELETE' });
      const request = (at: string) =>
        eve.api<object>(`/tasks/${at}${suffix}`, { method, ...options });
      const [theirs, unknown] = [await request(id), await request(MADE_UP)];
      expect(theirs.status).toBe(404);
      expect(fingerprint(theirs)).toEqual(fingerprint(unknown));
      const restored = await owner.api<TaskDto>(`/tasks/${id}/restore`, { method: 'POST' });
      expect(restored.body).toMatchObject({ title, version: 3 });
    },
  );

  it('is in no list but its owner’s', async () => {
    expect(await eve.list()).toEqual({ data: [], nextCursor: null });
    expect((await ada.list()).data).toEqual([task]);
  });

  it('cannot be reached by a cursor that was given to its owner', async () => {
    const [owner, thief] = [await signUp(app.url, 'owner'), await signUp(app.url, 'thief')];
    for (const title of ['one', 'two', 'three']) await owner.create({ title });
    await thief.create({ title: 'mine' });
    const { nextCursor } = (await owner.api<TaskPageDto>('/tasks?limit=1')).body;
    const { status, body } = await thief.api(`/tasks?limit=1&cursor=${nextCursor ?? ''}`);
    expect([status, body.code]).toEqual([400, 'invalid_cursor']);
  });

  it('is not made by naming an owner, wherever it is named', async () => {
    for (const name of ['ownerId', 'owner_id', 'owner', 'userId', 'sub']) {
      const json = { title: 'Planted', [name]: ada.id };
      const posted = await eve.api('/tasks', { method: 'POST', json });
      expect([name, posted.status]).toEqual([name, 422]);
      const query = await eve.api(`/tasks?${name}=${ada.id}`);
      expect([name, query.status]).toEqual([name, 400]);
    }
    await eve.api(`/tasks`, {
      method: 'POST',
      json: { title: "Eve's own" },
      headers: { 'x-user-id': ada.id, 'x-owner-id': ada.id },
    });
    expect((await ada.list()).data).toEqual([task]);
  });

  it('never shows whose it is', async () => {
    const responses = [
      await ada.api(`/tasks/${task.id}`),
      await ada.api('/tasks'),
      await ada.api('/tasks', { method: 'POST', json: { title: 'x' } }),
      await ada.api(`/tasks/${task.id}`, { method: 'PATCH', json: { title: 'Private' } }),
    ];
    for (const { body } of responses) expect(JSON.stringify(body)).not.toContain(ada.id);
  });
});

describe('a hundred users at once', () => {
  it('each see their own tasks and no others, over ten connections', async () => {
    const crowded = await startApp(SECRET_MODE);
    try {
      const names = Array.from({ length: 100 }, (_, i) => `user-${i}`);
      const users = await Promise.all(names.map((name) => mintUser(crowded.url, name)));
      const wrong: unknown[] = [];
      await Promise.all(
        users.map(async (user) => {
          for (let round = 0; round < 3; round += 1) {
            const { id } = await user.create({ title: `${user.id} ${round}` });
            const changed = await user.api<TaskDto>(`/tasks/${id}`, {
              method: 'PATCH',
              json: { description: user.id },
            });
            const { data } = await user.list();
            const own = data.every(({ title }) => title.startsWith(`${user.id} `));
            if (!own || data.length !== round + 1 || changed.body.description !== user.id) {
              wrong.push({ user: user.id, round, data });
            }
          }
        }),
      );
      expect(wrong).toEqual([]);
      const { rows } = await withOwner(crowded.databaseUrl, (client) =>
        client.query(
          `select count(*)::int as tasks, count(distinct owner_id)::int as owners,
             count(*) filter (where title not like owner_id || ' %')::int as mixed from task`,
        ),
      );
      expect(rows).toEqual([{ tasks: 300, owners: 100, mixed: 0 }]);
    } finally {
      await crowded.close();
    }
  });
});

describe('a subject', () => {
  const SUBJECTS = [
    `o'brien`,
    `'; drop table task; --`,
    `\\'; select 1; --`,
    `back\\slash`,
    `\\`,
    `$1`,
    `?`,
    `:id`,
    `%`,
    `"quoted"`,
    ` `,
    `ümläut 🥛 中文`,
    `line\nbreak`,
    `' or owner_id <> '`,
  ];

  it.each(['on', 'off'])('is data, with standard_conforming_strings %s', async (setting) => {
    const databaseUrl = await createDatabase();
    await withOwner(databaseUrl, (client) =>
      client.query(
        `alter database ${new URL(databaseUrl).pathname.slice(1)} set standard_conforming_strings = ${setting}`,
      ),
    );
    const other = await startApp({ ...SECRET_MODE, DATABASE_URL: databaseUrl });
    try {
      const connection = other.nest.get(EntityManager).getConnection();
      const [inEffect] = await connection.execute<unknown[]>('show standard_conforming_strings');
      expect(inEffect).toEqual({ standard_conforming_strings: setting });
      for (const subject of SUBJECTS) {
        const user = await mintUser(other.url, subject);
        const { body } = await user.api<TaskDto>('/tasks', {
          method: 'POST',
          json: { title: `of ${subject}`.trim(), description: subject, tags: ['a\\b', "c'd"] },
        });
        expect(body).toMatchObject({ description: subject, tags: ['a\\b', "c'd"] });
        expect((await user.list()).data).toEqual([body]);
      }
      const { rows } = await withOwner(other.databaseUrl, (client) =>
        client.query<{ owner_id: string }>('select owner_id from task order by created_at'),
      );
      expect(rows.map((row) => row.owner_id)).toEqual(SUBJECTS);
    } finally {
      await other.close();
    }
  });
});
