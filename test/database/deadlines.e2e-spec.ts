import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { Client } from 'pg';
import type { ProblemDto } from '../../src/problems/problem.dto.js';
import { startApp, type TestApp } from '../support/app.js';
import { send, type TestUser } from '../support/client.js';
import { asDatabaseOwner, createDatabase } from '../support/database.js';
import { until } from '../support/until.js';
import { DatabaseProxy } from '../support/tcp-proxy.js';
import { mintUser, SECRET_MODE } from '../support/tokens.js';

/** Each limit is set to a second while the others keep their defaults: five, or more. */
const SOON = 4_500;
const MAX_STARTS = 5;
jest.setTimeout(60_000);

const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

/** Starts an app, again if a busy machine needed more than its limit of a second for that. */
async function start(variables: Record<string, string>): Promise<[TestApp, TestUser]> {
  const startOnce = () => startApp({ ...SECRET_MODE, ...variables });
  const startAgain = (error: unknown) => {
    if (String(error).includes('timeout expired')) return startOnce();
    throw error;
  };
  let starting = startOnce();
  for (let i = 1; i < MAX_STARTS; i += 1) starting = starting.catch(startAgain);
  const app = await starting;
  closers.push(app.close);
  return [app, await mintUser(app.url, 'ada')];
}

/** With a proxy between the app and its database; `databaseUrl` is the way past it. */
async function startProxied(variables: Record<string, string>) {
  const databaseUrl = await createDatabase();
  const proxy = new DatabaseProxy(databaseUrl);
  closers.push(() => proxy.stop());
  const [app, ada] = await start({ ...variables, DATABASE_URL: await proxy.start() });
  return [{ ...app, databaseUrl, proxy }, ada] as const;
}

async function lasting<T>(work: Promise<T>): Promise<[milliseconds: number, result: T]> {
  const begin = performance.now();
  const result = await work;
  return [performance.now() - begin, result];
}

async function expectUnavailableSoon(request: Promise<{ body: ProblemDto }>): Promise<void> {
  const [milliseconds, { body }] = await lasting(request);
  expect(body).toMatchObject({ status: 503, code: 'database_unavailable' });
  expect(milliseconds).toBeGreaterThan(900);
  expect(milliseconds).toBeLessThan(SOON);
}

/** Holds a task so that nobody else can write it, until the returned function is called. */
async function hold({ databaseUrl }: TestApp, id: string): Promise<() => Promise<void>> {
  const client = new Client({ connectionString: databaseUrl });
  await client.connect();
  closers.push(() => client.end());
  await client.query(`begin; select from task where id = '${id}' for update`);
  return async () => {
    await client.query('rollback');
  };
}

const patch = (title: string) => ({ method: 'PATCH', json: { title } });

/** How many statements wait for somebody's lock. */
async function waitingIn(app: TestApp): Promise<number> {
  const rows = await asDatabaseOwner(
    app,
    `select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
  );
  return rows.length;
}

describe('past its limit', () => {
  it('a statement is 503, and ended in the database', async () => {
    const [app, ada] = await start({ DATABASE_STATEMENT_TIMEOUT: '1s' });
    const { id } = await ada.create();
    const release = await hold(app, id);
    await expectUnavailableSoon(ada.api(`/tasks/${id}`, patch('held')));
    expect(await waitingIn(app)).toBe(0);
    await release();
    expect((await ada.api(`/tasks/${id}`, patch('released'))).status).toBe(200);
  });

  it('a statement without a reply is 503', async () => {
    const [app, ada] = await startProxied({ DATABASE_STATEMENT_TIMEOUT: '1s' });
    await ada.create();
    app.proxy.freeze();
    await expectUnavailableSoon(ada.api('/tasks'));
  });

  it('a connection that cannot be made is 503', async () => {
    const [app, ada] = await startProxied({ DATABASE_CONNECT_TIMEOUT: '1s' });
    await ada.create();
    // Those that there are end; a new one finds nobody who answers.
    app.proxy.cut();
    app.proxy.mend();
    app.proxy.freeze();
    await until(async () => {
      const [milliseconds, { status }] = await lasting(ada.api('/tasks'));
      return status === 503 && milliseconds > 500;
    });
    await expectUnavailableSoon(ada.api('/tasks'));
  });

  it('waiting for a connection, as all are in use, is 503', async () => {
    const [app, ada] = await start({ DATABASE_CONNECT_TIMEOUT: '1s', DATABASE_POOL_SIZE: '2' });
    // Two users hold them, as one cannot, and a third one waits.
    const [bob, kim] = [await mintUser(app.url, 'bob'), await mintUser(app.url, 'kim')];
    const releases: (() => Promise<void>)[] = [];
    const held: Promise<{ status: number }>[] = [];
    for (const user of [ada, bob]) {
      const { id } = await user.create();
      releases.push(await hold(app, id));
      held.push(user.api(`/tasks/${id}`, patch('held')));
    }
    await until(async () => (await waitingIn(app)) === 2);
    await expectUnavailableSoon(kim.api('/tasks'));
    expect((await send(`${app.url}/health/ready`)).status).toBe(503);
    for (const release of releases) await release();
    expect((await Promise.all(held)).map(({ status }) => status)).toEqual([200, 200]);
    expect((await kim.api('/tasks')).status).toBe(200);
  });

  it('a transaction that does not go on is 503, and lets go of what it held', async () => {
    const [app, ada] = await startProxied({ DATABASE_IDLE_IN_TRANSACTION_TIMEOUT: '1s' });
    const [first, second] = [await ada.create(), await ada.create()];
    const release = await hold(app, second.id);
    const operations = [first, second].map(({ id }) => ({
      op: 'update',
      id,
      patch: { title: 'in a batch' },
    }));
    const batch = ada.api('/tasks/batch', { method: 'POST', json: { operations } });
    await until(async () => (await waitingIn(app)) === 1);
    // Everything after the waiting statement is lost.
    app.proxy.freeze();
    await release();
    await expectUnavailableSoon(batch);
    const idle = `select from pg_stat_activity
      where datname = current_database() and state like 'idle in transaction%'`;
    expect(await asDatabaseOwner(app, idle)).toEqual([]);
    app.proxy.mend();
    await until(async () => (await ada.api(`/tasks/${first.id}`, patch('after'))).status === 200);
  });

  it.each([
    { name: 'whose headers do not end', bytes: 'GET /api/v1/tasks HTTP/1.1\r\nHost: x\r\n' },
    {
      name: 'whose body does not end',
      bytes:
        'POST /api/v1/tasks HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\r\n{',
    },
  ])('a request $name is 408', async ({ bytes }) => {
    const [app] = await start({ REQUEST_TIMEOUT: '1s' });
    const { hostname, port } = new URL(app.url);
    const socket = connect(Number(port), hostname);
    socket.write(bytes);
    const [milliseconds, response] = await lasting(text(socket));
    expect(response).toMatch(/^HTTP\/1\.1 408 /);
    expect(response).toContain('"code":"request_timeout"');
    expect(milliseconds).toBeGreaterThan(900);
    expect(milliseconds).toBeLessThan(SOON);
  });

  it('a body is 413; of a batch, at four times as much', async () => {
    const [, ada] = await start({ BODY_LIMIT: '1kb' });
    const post = async (path: string, json: string) =>
      (await ada.api(path, { method: 'POST', json })).status;
    const task = JSON.stringify({ title: 'x' });
    expect(await post('/tasks', task.padEnd(1024))).toBe(201);
    expect(await post('/tasks', task.padEnd(1025))).toBe(413);
    const batch = JSON.stringify({ operations: [{ op: 'create', task: { title: 'x' } }] });
    expect(await post('/tasks/batch', batch.padEnd(4096))).toBe(200);
    expect(await post('/tasks/batch', batch.padEnd(4097))).toBe(413);
  });

  it('a request’s headers are 431', async () => {
    const [app] = await start({ HEADER_LIMIT: '2kb' });
    const live = `${app.url}/health/live`;
    expect((await send(live, { headers: { x: 'x'.repeat(1000) } })).status).toBe(200);
    const refused = await send(live, { headers: { x: 'x'.repeat(2048) } });
    expect([refused.status, refused.body.code]).toEqual([431, 'headers_too_large']);
  });
});
