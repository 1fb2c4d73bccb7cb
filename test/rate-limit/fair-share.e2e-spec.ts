import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { Client } from 'pg';
import { startApp, type TestApp } from '../support/app.js';
import type { TestUser } from '../support/client.js';
import { asDatabaseOwner } from '../support/database.js';
import { countOf } from '../support/metrics.js';
import { until } from '../support/until.js';
import { mintUser, SECRET_MODE } from '../support/tokens.js';

/** `MAX_CONCURRENT_PER_USER`, and the requests that wait, unless a test sets another. */
const MAX = 4;
const MAX_WAITING = 100;
jest.setTimeout(60_000);

const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

/** An app whose user ada has a task that somebody holds, until `release`: each write of it waits. */
async function start(variables: Record<string, string> = {}) {
  const app = await startApp({ ...SECRET_MODE, ...variables });
  closers.push(app.close);
  const [ada, bob] = [await mintUser(app.url, 'ada'), await mintUser(app.url, 'bob')];
  const { id } = await ada.create();
  const client = new Client({ connectionString: app.databaseUrl });
  await client.connect();
  closers.push(() => client.end());
  const hold = () => client.query(`begin; select from task where id = '${id}' for update`);
  await hold();
  const release = () => client.query('rollback');
  const path = `/tasks/${id}`;
  const write = () => ada.api(path, { method: 'PATCH', json: { description: 'new' } });
  return { app, ada, bob, path, write, hold, release };
}

async function lockWaits(app: TestApp): Promise<number> {
  const rows = await asDatabaseOwner(
    app,
    `select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
  );
  return rows.length;
}

const untilWaiting = (app: TestApp, connections: number) =>
  until(async () => (await lockWaits(app)) === connections);

const times = <T>(count: number, request: () => Promise<T>) =>
  Array.from({ length: count }, request);

const statusesOf = async (requests: Promise<{ status: number }>[]) =>
  (await Promise.all(requests)).map(({ status }) => status);

/** Records the statuses of requests that have been answered so far. */
function track(requests: Promise<{ status: number }>[]): number[] {
  const finished: number[] = [];
  for (const request of requests) void request.then(({ status }) => finished.push(status));
  return finished;
}

describe("one user's requests", () => {
  it('hold four connections, and the fifth waits while another user is served', async () => {
    const { app, ada, bob, write, release } = await start();
    const held = times(MAX, write);
    await untilWaiting(app, MAX);
    const fifth = [ada.api('/tasks')];
    const finished = track(fifth);
    expect(await statusesOf(times(20, () => bob.api('/tasks')))).toEqual(Array(20).fill(200));
    expect(finished).toEqual([]);
    await release();
    expect(await statusesOf([...held, ...fifth])).toEqual(Array(MAX + 1).fill(200));
  });

  it("are rejected at once when a hundred wait, but no other user's", async () => {
    const { app, bob, write, release } = await start();
    const before = await countOf(app, 'taskward_refused_total database_connections');
    const held = times(MAX, write);
    await untilWaiting(app, MAX);
    const further = times(MAX_WAITING + 10, write);
    const finished = track(further);
    await until(() => Promise.resolve(finished.length === 10));
    expect(await countOf(app, 'taskward_refused_total database_connections')).toBe(before + 10);
    expect(finished).toEqual(Array(10).fill(429));
    expect((await bob.api('/tasks')).status).toBe(200);
    expect(await lockWaits(app)).toBe(MAX);
    await release();
    const statuses = await statusesOf([...held, ...further]);
    expect(statuses.filter((status) => status === 200)).toHaveLength(MAX + MAX_WAITING);
  });

  it('that wait for too long are refused, and say when to come again', async () => {
    const { app, ada, write, release } = await start();
    const held = times(MAX, write);
    await untilWaiting(app, MAX);
    const { body, headers } = await ada.api('/tasks');
    expect(body).toMatchObject({ status: 429, code: 'too_many_concurrent_requests' });
    expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
    await release();
    expect(await statusesOf(held)).toEqual(Array(MAX).fill(200));
  });

  it.each([
    {
      name: 'a batch',
      path: '/tasks/batch',
      json: { operations: [{ op: 'create', task: { title: 'a' } }] },
    },
    { name: 'a key', path: '/tasks', json: { title: 'a' } },
  ])(
    'with $name wait alike: a transaction is refused, and not 503',
    async ({ name, path, json }) => {
      const { app, ada, write, release } = await start();
      const held = times(MAX, write);
      await untilWaiting(app, MAX);
      const headers = { 'idempotency-key': name.replace(' ', '-') };
      const { body } = await ada.api(path, { method: 'POST', json, headers });
      expect(body).toMatchObject({ status: 429, code: 'too_many_concurrent_requests' });
      await release();
      await statusesOf(held);
      expect((await ada.api(path, { method: 'POST', json, headers })).status).toBeLessThan(300);
    },
  );

  it('need one connection each, a transaction with its statements as well', async () => {
    const { ada, release } = await start({ MAX_CONCURRENT_PER_USER: '1' });
    await release();
    const { id } = await ada.create();
    const operations = [
      { op: 'update', id, patch: { title: 'changed' } },
      { op: 'create', task: { title: 'made' } },
    ];
    const batch = (n: number) =>
      ada.api('/tasks/batch', {
        method: 'POST',
        json: { operations },
        headers: { 'idempotency-key': `batch-${String(n)}` },
      });
    expect(await statusesOf([1, 2, 3, 4, 5].map(batch))).toEqual(Array(5).fill(200));
  });

  it('leave one connection to others, however few there are', async () => {
    const { app, bob, write, release } = await start({ DATABASE_POOL_SIZE: '2' });
    const held = times(MAX, write);
    await untilWaiting(app, 1);
    expect((await bob.api('/tasks')).status).toBe(200);
    expect(await lockWaits(app)).toBe(1);
    await release();
    expect(await statusesOf(held)).toEqual(Array(MAX).fill(200));
  });
});

describe("one user's large bodies", () => {
  /** Bodies that are read at a time. */
  const AT_ONCE = 2;
  const large = JSON.stringify({ description: 'new' }).padEnd(40_000);

  it('wait for each other before they are read, and nothing else waits for them', async () => {
    const { app, ada, bob, path, release } = await start();
    const held = times(5, () => ada.api(path, { method: 'PATCH', json: large }));
    await untilWaiting(app, AT_ONCE);
    for (const user of [ada, bob]) expect((await user.api('/tasks')).status).toBe(200);
    const other = await bob.api('/tasks', { method: 'POST', json: '{"title":"x"}'.padEnd(40_000) });
    expect(other.status).toBe(201);
    expect(await lockWaits(app)).toBe(AT_ONCE);
    await release();
    expect(await statusesOf(held)).toEqual(Array(5).fill(200));
  });

  it('that wait for too long are refused, and say when to come again', async () => {
    const { app, ada, path, release } = await start();
    const write = () => ada.api(path, { method: 'PATCH', json: large });
    const held = times(AT_ONCE, write);
    await untilWaiting(app, AT_ONCE);
    const before = await countOf(app, 'taskward_refused_total large_bodies');
    const { body, headers } = await write();
    expect(body).toMatchObject({ status: 429, code: 'too_many_concurrent_requests' });
    expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
    expect(await countOf(app, 'taskward_refused_total large_bodies')).toBe(before + 1);
    await release();
    expect(await statusesOf(held)).toEqual(Array(AT_ONCE).fill(200));
  });

  it('give their turn back when the client hangs up, before it or in it', async () => {
    const { app, ada, path, release } = await start();
    const hangUp = new AbortController();
    const abandoned = times(AT_ONCE + 2, () =>
      fetch(`${app.url}/api/v1${path}`, {
        method: 'PATCH',
        headers: { authorization: `Bearer ${ada.token}`, 'content-type': 'application/json' },
        body: large,
        signal: hangUp.signal,
      }).catch(() => undefined),
    );
    await untilWaiting(app, AT_ONCE);
    hangUp.abort();
    await Promise.all(abandoned);
    await release();
    const all = times(AT_ONCE + 2, () => ada.api(path, { method: 'PATCH', json: large }));
    expect(await statusesOf(all)).toEqual(Array(AT_ONCE + 2).fill(200));
  });
});

describe('a place is free again', () => {
  /** Four writes that hold all of ada's places; they are ended by `end`. */
  async function expectFreed(
    variables: Record<string, string>,
    end: (app: TestApp) => Promise<unknown>,
    status: number,
  ): Promise<void> {
    const { app, ada, write, release } = await start(variables);
    for (let round = 0; round < 2; round += 1) {
      const held = times(MAX, write);
      await untilWaiting(app, MAX);
      await end(app);
      expect(await statusesOf(held)).toEqual(Array(MAX).fill(status));
    }
    const held = times(MAX, write);
    await untilWaiting(app, MAX);
    await release();
    expect(await statusesOf(held)).toEqual(Array(MAX).fill(200));
    expect(await statusesOf(times(MAX, () => ada.api('/tasks')))).toEqual(Array(MAX).fill(200));
  }

  it('after a statement that ran out of time', () =>
    expectFreed({ DATABASE_STATEMENT_TIMEOUT: '1s' }, () => Promise.resolve(), 503));

  it('after a connection that was lost', () =>
    expectFreed(
      {},
      (app) =>
        asDatabaseOwner(
          app,
          `select pg_terminate_backend(pid) from pg_stat_activity
            where datname = current_database() and wait_event_type = 'Lock'`,
        ),
      503,
    ));

  it('after transactions that were lost', async () => {
    const { app, ada, path, release } = await start();
    const id = path.slice('/tasks/'.length);
    const operations = [{ op: 'update', id, patch: { title: 'changed' } }];
    const batch = (user: TestUser) =>
      user.api('/tasks/batch', { method: 'POST', json: { operations } });
    for (let round = 0; round < 2; round += 1) {
      const held = times(MAX, () => batch(ada));
      await untilWaiting(app, MAX);
      await asDatabaseOwner(
        app,
        `select pg_terminate_backend(pid) from pg_stat_activity
          where datname = current_database() and wait_event_type = 'Lock'`,
      );
      expect(await statusesOf(held)).toEqual(Array(MAX).fill(503));
    }
    const held = times(MAX, () => batch(ada));
    await untilWaiting(app, MAX);
    await release();
    expect(await statusesOf(held)).toEqual(Array(MAX).fill(200));
  });
});
