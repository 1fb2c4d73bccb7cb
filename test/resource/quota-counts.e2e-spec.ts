import { beforeAll, describe, expect, it, jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { migrate } from '../../src/database/migrate.js';
import { IdempotencyPurge } from '../../src/idempotency/idempotency-purge.js';
import type { ListPageDto } from '../../src/lists/list.dto.js';
import { TrashPurge } from '../../src/tasks/trash-purge.js';
import { UsageRecount } from '../../src/resource/usage-recount.js';
import { startApp, useApp } from '../support/app.js';
import { trustClock } from '../support/clock.js';
import type { TestUser } from '../support/client.js';
import { asDatabaseOwner, createDatabase } from '../support/database.js';
import { createWithKey, newKey } from '../support/idempotency.js';
import { move, numbers } from '../support/places.js';
import { bareTask } from '../support/tasks.js';
import { mintUser, SECRET_MODE } from '../support/tokens.js';
import { wrongCounts } from '../support/usage.js';

const app = useApp({ ...SECRET_MODE, QUOTA_TASKS: '60' });

beforeAll(async () => {
  await trustClock(app);
});

const sql = (text: string) => asDatabaseOwner(app, text);
const recount = () => app.nest.get(UsageRecount).run();

/** Does something to the tasks of a user; nothing here waits for what others do. */
async function doAnything(user: TestUser, next: (below: number) => number): Promise<number> {
  const query = next(3) === 0 ? '?trashed=true&limit=10' : '?limit=10';
  const { data } = await user.list(query);
  const path = `/tasks/${data[next(data.length)]?.id ?? crypto.randomUUID()}`;
  const other = data[next(data.length)]?.id ?? crypto.randomUUID();
  const text = 'ä'.repeat(1 + next(40));
  const task = { title: text, description: next(2) === 0 ? null : text, tags: ['é', text] };
  const operations = [
    { op: 'create', task },
    { op: 'update', id: other, patch: { title: text, completed: next(2) === 0 } },
    ...(next(2) === 0 ? [{ op: 'create', task }] : []),
  ];
  const writes = [
    () => user.api('/tasks', { method: 'POST', json: task }),
    () => createWithKey(app, user, String(next(20)), task),
    () => user.api(path, { method: 'PATCH', json: { title: text } }),
    () => user.api(path, { method: 'PATCH', json: { description: null, tags: [text] } }),
    () => user.api(path, { method: 'PUT', json: { ...bareTask(text), tags: ['x'] } }),
    () => user.api(`${path}/complete`, { method: 'PATCH' }),
    () => user.api('/tasks', { method: 'POST', json: { ...task, parentId: other } }),
    () => user.api(path, { method: 'PATCH', json: { parentId: next(3) === 0 ? null : other } }),
    () => move(user, path, next(2) === 0 ? {} : { before: other }),
    () => doAnythingToLists(user, next, path),
    () => user.api(path, { method: 'DELETE' }),
    () => user.api(`${path}?permanent=true`, { method: 'DELETE' }),
    () =>
      user.api(`${path}/restore`, {
        method: 'POST',
        headers: next(2) === 0 ? {} : { 'idempotency-key': newKey() },
      }),
    () => user.api('/tasks/batch', { method: 'POST', json: { operations } }),
    () => user.api('/tasks/batch', { method: 'POST', json: { operations, dryRun: true } }),
    () =>
      user.api('/tasks/batch', {
        method: 'POST',
        json: { operations: [...operations, { op: 'delete', id: crypto.randomUUID() }] },
        headers: { 'idempotency-key': newKey() },
      }),
  ];
  return (await (writes[next(writes.length)] ?? recountNothing)()).status;
}

/** Does something to the lists of a user, or puts the task of this path into one. */
async function doAnythingToLists(
  user: TestUser,
  next: (below: number) => number,
  taskPath: string,
) {
  const query = next(3) === 0 ? '?trashed=true' : '';
  const { data } = (await user.api<ListPageDto>(`/lists${query}`)).body;
  const id = data[next(data.length)]?.id ?? crypto.randomUUID();
  const name = 'ö'.repeat(1 + next(40));
  const writes = [
    () => user.api('/lists', { method: 'POST', json: { name } }),
    () => user.api(`/lists/${id}`, { method: 'PATCH', json: { name } }),
    () => user.api('/tasks', { method: 'POST', json: { title: name, listId: id } }),
    () => user.api(taskPath, { method: 'PATCH', json: { listId: id } }),
    () => user.api(`/lists/${id}`, { method: 'DELETE' }),
    () => user.api(`/lists/${id}?permanent=true`, { method: 'DELETE' }),
    () => user.api(`/lists/${id}/restore`, { method: 'POST' }),
  ];
  return (writes[next(writes.length)] ?? recountNothing)();
}

const recountNothing = () => Promise.reject(new Error('There is no such write.'));

describe('the counts', () => {
  it('stay those of the rows under any writes, purges and conflicts at once', async () => {
    await sql(`
      create sequence conflicts;
      grant usage on sequence conflicts to public;
      create function conflict() returns trigger language plpgsql as $$
        begin
          if nextval('conflicts') % 11 = 0 then raise 'conflict' using errcode = '40001'; end if;
          return new;
        end $$;
      create trigger conflict before insert or update on task for each row
        execute function conflict()`);
    const users = await Promise.all(['ada', 'eve'].map((name) => mintUser(app.url, name)));
    const workers = [...users, ...users, ...users].map(async (user, seed) => {
      const statuses: number[] = [];
      const next = numbers(seed);
      for (let count = 0; count < 80; count += 1) {
        statuses.push(await doAnything(user, next));
      }
      return statuses;
    });
    const age = async () => {
      for (let count = 0; count < 5; count += 1) {
        await sql(`
          update task set deleted_at = now() - interval '1 year' where deleted_at is not null;
          update list set deleted_at = now() - interval '1 year' where deleted_at is not null;
          update idempotency_key set created_at = now() - interval '2 days'`).catch(
          () => undefined,
        );
        await app.nest.get(TrashPurge).run();
        await app.nest.get(IdempotencyPurge).run();
        await recount();
      }
    };
    const [statuses] = await Promise.all([Promise.all(workers), age()]);
    await sql('drop trigger conflict on task; drop function conflict; drop sequence conflicts');
    const seen = new Set(statuses.flat());
    expect([...seen].filter((status) => status >= 500 && status !== 503)).toEqual([]);
    expect([...seen]).toEqual(expect.arrayContaining([200, 201, 204, 404]));
    expect(await wrongCounts(app)).toEqual([]);
    const [most] = await sql(
      'select max(n)::int as n from (select count(*) as n from task group by owner_id) t',
    );
    expect(most?.['n']).toBeLessThanOrEqual(60);
  });

  it('stay those of the rows when one task is changed many times at once', async () => {
    const user = await mintUser(app.url, 'rita');
    const { id } = await user.create();
    const changes = Array.from({ length: 40 }, (_, count) =>
      user.api(`/tasks/${id}`, { method: 'PATCH', json: { title: 'x'.repeat(1 + count * 5) } }),
    );
    const statuses = (await Promise.all(changes)).map(({ status }) => status);
    expect(new Set(statuses)).toEqual(new Set([200]));
    expect(await wrongCounts(app)).toEqual([]);
  });

  it('go with the responses that are purged, and with those that are replaced', async () => {
    const user = await mintUser(app.url, 'grace');
    const key = newKey();
    await createWithKey(app, user, key);
    await createWithKey(app, user, newKey());
    await sql(`update idempotency_key set created_at = now() - interval '25 hours'`);
    await createWithKey(app, user, key, { title: 'Buy bread, and a lot of it' });
    expect(await wrongCounts(app)).toEqual([]);
    await app.nest.get(IdempotencyPurge).run();
    expect(await wrongCounts(app)).toEqual([]);
    expect(
      await sql(`select sum(responses)::int as n from usage where owner_id = 'grace'`),
    ).toEqual([{ n: 1 }]);
  });
});

describe('the recount', () => {
  const plant = (owner: string, count: number) =>
    sql(`
      insert into task (owner_id, id, title, tags)
      select '${owner}', gen_random_uuid(), 'planted', '{tag}' from generate_series(1, ${String(count)})`);

  it('corrects what a previous version did not count, while others write', async () => {
    const user = await mintUser(app.url, 'mary');
    await user.create();
    await plant('mary', 30);
    await plant('nobody', 3);
    expect(await wrongCounts(app)).toMatchObject([
      { owner_id: 'mary', tasks: 30, bytes: 300 },
      { owner_id: 'nobody', tasks: 3, bytes: 30 },
    ]);
    const warn = jest.spyOn(Logger.prototype, 'warn').mockImplementation(() => undefined);
    const writes = Array.from({ length: 20 }, () => user.create());
    await Promise.all([...writes, recount()]);
    await recount();
    warn.mockRestore();
    expect(await wrongCounts(app)).toEqual([]);
    const statuses: number[] = [];
    for (let count = 0; count < 10; count += 1)
      statuses.push((await user.api('/tasks', { method: 'POST', json: { title: 'x' } })).status);
    expect(statuses).toEqual([...Array<number>(9).fill(201), 403]);
  });

  it('warns of what it corrects, and of nothing else', async () => {
    const warn = jest.spyOn(Logger.prototype, 'warn').mockImplementation(() => undefined);
    await plant('nobody', 1);
    await recount();
    await recount();
    expect(warn.mock.calls).toEqual([['Corrected the usage of 1 users.']]);
    warn.mockRestore();
  });

  it('is not applied twice by two at once', async () => {
    await plant('nobody', 5);
    const warn = jest.spyOn(Logger.prototype, 'warn').mockImplementation(() => undefined);
    const other = await startApp({ ...SECRET_MODE, DATABASE_URL: app.databaseUrl });
    await Promise.all([recount(), other.nest.get(UsageRecount).run()]);
    await other.close();
    warn.mockRestore();
    expect(await wrongCounts(app)).toEqual([]);
  });
});

it('the migration counts what is there', async () => {
  const databaseUrl = await createDatabase({ empty: true });
  await migrate(databaseUrl, { to: 'Migration0006TaskLookup' });
  const old = { databaseUrl };
  await asDatabaseOwner(
    old,
    `insert into task (owner_id, id, title, description, tags, deleted_at)
     select owner, gen_random_uuid(), 'Milk', 'ä', '{ö,b}', case when n % 2 = 0 then now() end
       from unnest(array['ada', 'eve']) owner, generate_series(1, 10) n;
     insert into idempotency_key (owner_id, key, fingerprint, status, headers, body)
     values ('ada', 'key', '', 201, '{}', '{}')`,
  );
  await migrate(databaseUrl);
  expect(await wrongCounts(old)).toEqual([]);
  const counts = 'select owner_id, tasks, bytes::int, responses from usage order by owner_id';
  expect(await asDatabaseOwner(old, counts)).toEqual([
    { owner_id: 'ada', tasks: 10, bytes: 90, responses: 1 },
    { owner_id: 'eve', tasks: 10, bytes: 90, responses: 0 },
  ]);
});
