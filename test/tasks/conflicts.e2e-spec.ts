import { randomUUID } from 'node:crypto';
import { afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { Client } from 'pg';
import type { TaskDto } from '../../src/tasks/task.dto.js';
import { useApp } from '../support/app.js';
import { signUp, type TestUser } from '../support/client.js';
import { asDatabaseOwner, withOwner } from '../support/database.js';

const app = useApp();
let ada: TestUser;

beforeAll(async () => {
  ada = await signUp(app.url);
});

/** Makes so many of the next writes fail; a sequence counts them, as no rollback takes it back. */
const failNextWrites = (count: number, sqlState: string) =>
  asDatabaseOwner(
    app,
    `create sequence conflicts;
     grant usage on sequence conflicts to public;
     create function conflict() returns trigger language plpgsql as $$
       begin
         if nextval('conflicts') <= ${count} then raise 'conflict' using errcode = '${sqlState}'; end if;
         return new;
       end $$;
     create trigger conflict before insert or update on task
       for each row execute function conflict()`,
  );

const writesTried = async () => {
  const { rows } = await withOwner(app.databaseUrl, (client) =>
    client.query<{ last_value: string }>('select last_value from conflicts'),
  );
  return Number(rows[0]?.last_value);
};

describe('a transaction in conflict with another', () => {
  afterEach(async () => {
    await asDatabaseOwner(app, 'drop trigger conflict on task');
    await asDatabaseOwner(app, 'drop function conflict; drop sequence conflicts');
    await asDatabaseOwner(app, 'delete from task');
  });

  const create = { op: 'create', task: { title: 'Buy milk' } };
  const WRITES: [name: string, path: string, json: unknown, headers: Record<string, string>][] = [
    ['alone', '/tasks', { title: 'Buy milk' }, {}],
    ['with an Idempotency-Key', '/tasks', { title: 'Buy milk' }, { 'idempotency-key': 'once' }],
    ['in a batch', '/tasks/batch', { operations: [create] }, {}],
    [
      'in a batch with an Idempotency-Key',
      '/tasks/batch',
      { operations: [create] },
      { 'idempotency-key': 'once' },
    ],
  ];

  describe.each(['40001', '40P01'])('%s', (sqlState) => {
    it.each(WRITES)('is done again, three times: %s', async (_, path, json, headers) => {
      await failNextWrites(3, sqlState);
      const key = headers['idempotency-key'] && { 'idempotency-key': randomUUID() };
      const { status } = await ada.api(path, { method: 'POST', json, headers: { ...key } });
      expect(status).toBe(path === '/tasks' ? 201 : 200);
      expect(await writesTried()).toBe(4);
      expect((await ada.list()).data).toHaveLength(1);
    });

    it.each(WRITES)('is given up then, with nothing done: %s', async (_, path, json, headers) => {
      await failNextWrites(4, sqlState);
      const key = headers['idempotency-key'] && { 'idempotency-key': randomUUID() };
      const response = await ada.api(path, { method: 'POST', json, headers: { ...key } });
      expect([response.status, response.body.code]).toEqual([503, 'database_unavailable']);
      expect(response.headers.get('retry-after')).toBe('2');
      expect(await writesTried()).toBe(4);
      expect((await ada.list()).data).toEqual([]);

      const again = await ada.api(path, { method: 'POST', json, headers: { ...key } });
      expect(again.status).toBeLessThan(300);
      expect((await ada.list()).data).toHaveLength(1);
    });
  });

  it('keeps its condition when it is done again', async () => {
    await failNextWrites(0, '40001');
    const task = await ada.create();
    await asDatabaseOwner(app, 'alter sequence conflicts restart');
    await asDatabaseOwner(
      app,
      `create or replace function conflict() returns trigger language plpgsql as $$
         begin if nextval('conflicts') = 1 then raise 'conflict' using errcode = '40001'; end if;
         return new; end $$`,
    );
    const patch = (title: string) =>
      ada.api<TaskDto>(`/tasks/${task.id}`, {
        method: 'PATCH',
        json: { title },
        headers: { 'if-match': '"1"' },
      });
    const statuses = (await Promise.all(['a', 'b', 'c'].map(patch))).map(({ status }) => status);
    expect(statuses.toSorted()).toEqual([200, 412, 412]);
    expect((await ada.list()).data[0]?.version).toBe(2);
  });

  it('is not done again for other errors', async () => {
    await failNextWrites(1, '23514');
    const { status } = await ada.api('/tasks', { method: 'POST', json: { title: 'Buy milk' } });
    expect(status).toBe(500);
    expect(await writesTried()).toBe(1);
  });
});

describe('a deadlock', () => {
  /** Waits until something waits for a lock of this client. */
  async function untilBlocking(client: Client): Promise<void> {
    const blocked = () =>
      client.query(
        'select from pg_locks where not granted and pg_backend_pid() = any(pg_blocking_pids(pid))',
      );
    while ((await blocked()).rowCount === 0);
  }

  it('is resolved without a word to the caller', async () => {
    const [first, second] = [await ada.create(), await ada.create()];
    const batch = await withOwner(app.databaseUrl, async (client) => {
      await client.query('begin');
      // The one that waits longer than this is the one that PostgreSQL ends.
      await client.query(`set local deadlock_timeout = '1min'`);
      await client.query('select from task where id = $1 for update', [second.id]);
      const operations = [first, second].map(({ id }) => ({
        op: 'update',
        id,
        patch: { title: 'By the batch' },
      }));
      const sent = ada.api('/tasks/batch', { method: 'POST', json: { operations } });
      await untilBlocking(client);
      await client.query('select from task where id = $1 for update', [first.id]);
      await client.query('commit');
      return sent;
    });
    expect(batch.status).toBe(200);
    const { data } = await ada.list();
    expect(data.map(({ title, version }) => [title, version])).toEqual([
      ['By the batch', 2],
      ['By the batch', 2],
    ]);
  });

  // Statements of two instances may count in the same slot: one that locked the log first would wait for the other.
  it.each<[method: string, path: 'tasks' | 'lists', query: string, json: object | undefined]>([
    ['POST', 'tasks', '', { title: 'Buy milk' }],
    ['PATCH', 'tasks', '', { title: 'Buy two litres of milk' }],
    ['DELETE', 'tasks', '?permanent=true', undefined],
    ['POST', 'lists', '', { name: 'Errands' }],
    ['PATCH', 'lists', '', { name: 'Errands of the week' }],
    ['DELETE', 'lists', '?permanent=true', undefined],
  ])('cannot arise between usage and log: %s %s%s', async (method, resource, query, json) => {
    const { body } = await ada.api<{ id: string }>(`/${resource}`, {
      method: 'POST',
      json: resource === 'tasks' ? { title: 'a' } : { name: 'a' },
    });
    const path = method === 'POST' ? `/${resource}` : `/${resource}/${body.id}${query}`;
    const write = await withOwner(app.databaseUrl, async (client) => {
      const lock = (table: string, wait: string) =>
        client.query(`select from ${table} where owner_id = '${ada.id}' for update ${wait}`);
      await client.query('begin');
      await lock('usage', '');
      const sent = ada.api(path, { method, ...(json && { json }) });
      await untilBlocking(client);
      await lock('change_counter', 'nowait');
      await client.query('commit');
      return sent;
    });
    expect(write.status).toBeLessThan(300);
  });
});
