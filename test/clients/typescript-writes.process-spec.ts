import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import {
  ConflictError,
  ListConflictError,
  createClient,
  ifMatch,
  NetworkError,
  ProblemError,
  type TaskwardClient,
} from '../../clients/typescript/src/index.js';
import { useApp } from '../support/app.js';
import { type TestUser } from '../support/client.js';
import { ClientFetch, loseFirst } from '../support/client-fetch.js';
import { createDatabase } from '../support/database.js';
import { freePort } from '../support/free-port.js';
import { Program } from '../support/program.js';
import { mintUser, SECRET_MODE } from '../support/tokens.js';

const LISTS = '/api/v1/lists';
const TASKS = '/api/v1/tasks';
const TASK = '/api/v1/tasks/{id}';

const app = useApp(SECRET_MODE);
const limited = useApp({ ...SECRET_MODE, RATE_LIMIT: 'on', RATE_LIMIT_PER_MINUTE: '3' });

/** A client of a user, and the requests that it sends. */
async function openClient(sub: string, { url } = app) {
  const user = await mintUser(url, sub);
  const browser = new ClientFetch('');
  const client = createClient({
    baseUrl: url,
    fetch: browser.fetch,
    getToken: () => Promise.resolve(user.token),
  });
  return { client, browser, user };
}

/** A task that has changed since the client read it. */
async function staleTask(client: TaskwardClient, user: TestUser) {
  const { data: task } = await client.POST(TASKS, { body: { title: 'Buy milk' } });
  await user.api(`/tasks/${task.id}`, { method: 'PATCH', json: { title: 'Buy oat milk' } });
  return { task, target: { path: { id: task.id }, header: ifMatch(task) } };
}

async function conflictOf(call: Promise<unknown>): Promise<ConflictError> {
  const error: unknown = await call.catch((reason: unknown) => reason);
  if (error instanceof ConflictError) return error;
  throw new Error('not a conflict', { cause: error });
}

describe('a POST of the TypeScript client', () => {
  it('is sent again with its key when its response is lost, and done once', async () => {
    const { client, browser, user } = await openClient('lost-post');
    browser.after = loseFirst(({ method }) => method === 'POST');
    const { data, response } = await client.POST(TASKS, { body: { title: 'Once' } });
    expect(browser.statusesOf(TASKS)).toEqual([201, 201]);
    expect(response.headers.get('idempotency-replayed')).toBe('true');
    expect((await user.list()).data).toEqual([data]);
    const keys = browser.sent.map(({ headers }) => headers.get('idempotency-key'));
    expect(keys[0]).toMatch(/^[\da-f]{32}$/);
    expect(keys[1]).toBe(keys[0]);
  });

  it('has a key of its own each time, or that of its caller', async () => {
    const { client, browser } = await openClient('keys');
    const body = { title: 'Buy milk' };
    await client.POST(TASKS, { body });
    await client.POST(TASKS, { body });
    await client.POST(TASKS, { body, params: { header: { 'Idempotency-Key': 'mine' } } });
    const [first, second, third] = browser.sent.map(({ headers }) =>
      headers.get('idempotency-key'),
    );
    expect(first).not.toBe(second);
    expect(third).toBe('mine');
  });

  it('survives the kill of the server in its middle, and is done once', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'taskward-client-'));
    const variables = {
      ...SECRET_MODE,
      DATABASE_URL: await createDatabase(),
      PORT: String(await freePort()),
    };
    try {
      const first = new Program(variables, folder);
      const { client, browser, user } = await openClient('killed', {
        ...app,
        url: await first.ready(),
      });
      let restarted: Promise<unknown> | undefined;
      browser.after = (response) => {
        if (restarted !== undefined) return response;
        restarted = first.kill('SIGKILL').then(() => new Program(variables, folder).ready());
        throw new TypeError('fetch failed');
      };
      // Holds the retry, as a proxy does: how long a start takes depends on the machine.
      browser.before = () => restarted;
      const { data } = await client.POST(TASKS, { body: { title: 'Once' } });
      expect(browser.statusesOf(TASKS)).toEqual([201, 201]);
      expect((await user.list()).data).toEqual([data]);
    } finally {
      await Program.killAll();
      await rm(folder, { recursive: true, force: true });
    }
  });
});

describe('a retry of the TypeScript client', () => {
  it('waits for what Retry-After asks, within bounds', async () => {
    const { client, browser } = await openClient('retry-after');
    let refusals = 0;
    browser.after = (response) => {
      refusals += 1;
      if (refusals > 2) return response;
      return new Response(null, { status: 503, headers: { 'retry-after': '0' } });
    };
    const { data } = await client.GET(TASKS);
    expect(data).toEqual({ data: [], nextCursor: null });
    expect(refusals).toBe(3);
  });

  it('is left to the caller when the server asks for a long wait', async () => {
    const { client, browser } = await openClient('greedy', limited);
    const call = () =>
      client.GET(TASKS).then(
        () => undefined,
        (reason: unknown) => reason,
      );
    const [error] = (await Promise.all([call(), call(), call(), call()])).filter(Boolean);
    expect(error).toBeInstanceOf(ProblemError);
    expect(error).toMatchObject({ status: 429, code: 'rate_limited' });
    expect((error as ProblemError).retryAfterSeconds).toBeGreaterThan(10);
    expect(browser.sent).toHaveLength(4);
  });

  it('ends with the last attempt', async () => {
    const { user } = await openClient('unreachable');
    let attempts = 0;
    const client = createClient({
      baseUrl: app.url,
      getToken: () => Promise.resolve(user.token),
      maxRetries: 1,
      fetch: () => {
        attempts += 1;
        return Promise.reject(new TypeError('fetch failed'));
      },
    });
    const error: unknown = await client.GET(TASKS).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(NetworkError);
    expect(attempts).toBe(2);
  });

  it('follows a response that does not come in time, or breaks off', async () => {
    const { user } = await openClient('hanging');
    let attempts = 0;
    const client = createClient({
      baseUrl: app.url,
      getToken: () => Promise.resolve(user.token),
      timeoutMs: 1_000,
      maxRetries: 2,
      fetch: (input, init) => {
        attempts += 1;
        if (attempts > 2) return fetch(input, init);
        if (attempts > 1) {
          const broken = new ReadableStream({ pull: (stream) => stream.error(new Error('reset')) });
          return Promise.resolve(new Response(broken));
        }
        // It ignores its signal, as one whose signal Node has collected does.
        return new Promise(() => undefined);
      },
    });
    expect((await client.GET('/health/live')).data).toEqual({ status: 'ok' });
    expect(attempts).toBe(3);
  });

  it('never repeats a toggle', async () => {
    const { client, browser, user } = await openClient('toggle');
    const { id } = await user.create();
    browser.after = loseFirst(({ method }) => method === 'PATCH');
    const toggle = client.PATCH('/api/v1/tasks/{id}/complete', { params: { path: { id } } });
    await expect(toggle).rejects.toBeInstanceOf(NetworkError);
    expect((await user.list()).data).toMatchObject([{ completed: true, version: 2 }]);
  });

  it('takes its own lost change, and its own lost deletion, for done', async () => {
    const { client, browser, user } = await openClient('own');
    const task = await user.create();
    browser.after = loseFirst(({ method }) => method === 'PATCH');
    const params = { path: { id: task.id }, header: ifMatch(task) };
    const { data, response } = await client.PATCH(TASK, { params, body: { title: 'Oat milk' } });
    expect(data).toMatchObject({ title: 'Oat milk', version: 2 });
    expect(response.headers.get('etag')).toBe('"2"');
    browser.after = loseFirst(({ method }) => method === 'DELETE');
    const deleted = await client.DELETE(TASK, { params: { path: { id: task.id } } });
    expect(deleted.response.status).toBe(204);
  });
});

describe('a conflict of the TypeScript client', () => {
  it('carries what was wanted and the task as it is', async () => {
    const { client, user } = await openClient('both');
    const { task, target } = await staleTask(client, user);
    const body = { title: 'Buy soy milk' };
    const conflict = await conflictOf(client.PATCH(TASK, { params: target, body }));
    expect(conflict).toMatchObject({ status: 412, code: 'precondition_failed', wanted: body });
    expect(conflict.current).toEqual({
      ...task,
      title: 'Buy oat milk',
      version: 2,
      updatedAt: conflict.current?.updatedAt,
    });
    await client.PATCH(TASK, {
      params: { ...target, header: ifMatch(conflict.current ?? task) },
      body,
    });
    expect((await user.list()).data).toMatchObject([{ ...body, version: 3 }]);
  });

  it('carries the current task when it was to be deleted or completed', async () => {
    const { client, user } = await openClient('others');
    const { target } = await staleTask(client, user);
    const current = { title: 'Buy oat milk' };
    const deleted = await conflictOf(client.DELETE(TASK, { params: target }));
    expect(deleted).toMatchObject({ wanted: undefined, current });
    const body = { completed: true };
    const path = '/api/v1/tasks/{id}/complete';
    const completed = await conflictOf(client.PATCH(path, { params: target, body }));
    expect(completed).toMatchObject({ wanted: body, current });
  });

  it('carries the refused operation of a batch', async () => {
    const { client, user } = await openClient('batch');
    const { task } = await staleTask(client, user);
    const operation = {
      op: 'update' as const,
      id: task.id,
      ifMatch: '"1"',
      patch: { title: 'Buy soy milk' },
    };
    const operations = [{ op: 'create' as const, task: { title: 'Bread' } }, operation];
    const conflict = await conflictOf(client.POST('/api/v1/tasks/batch', { body: { operations } }));
    expect(conflict).toMatchObject({ wanted: operation, current: { title: 'Buy oat milk' } });
  });

  it('has no current task when that is in the trash', async () => {
    const { client, user } = await openClient('trashed');
    const { task, target } = await staleTask(client, user);
    await user.api(`/tasks/${task.id}`, { method: 'DELETE' });
    const path = '/api/v1/tasks/{id}/restore';
    const conflict = await conflictOf(client.POST(path, { params: target }));
    expect(conflict).toMatchObject({ wanted: undefined, current: null });
  });
});

describe('a list of the TypeScript client', () => {
  it('that was changed elsewhere is a conflict with both versions', async () => {
    const { client, user } = await openClient('list-conflict');
    const { data: list } = await client.POST(LISTS, { body: { name: 'Work' } });
    const path = { id: list.id };
    await user.api(`/lists/${list.id}`, { method: 'PATCH', json: { name: 'Office' } });
    const body = { name: 'Job' };
    const call = client.PATCH(`${LISTS}/{id}`, { params: { path, header: ifMatch(list) }, body });
    const error: unknown = await call.catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(ListConflictError);
    expect(error).toMatchObject({ status: 412, wanted: body, current: { name: 'Office' } });
  });

  it('is changed once when a response is lost', async () => {
    const { client, browser } = await openClient('list-lost');
    const { data: list } = await client.POST(LISTS, { body: { name: 'Work' } });
    browser.after = loseFirst(({ method }) => method === 'PATCH');
    const params = { path: { id: list.id }, header: ifMatch(list) };
    const { data } = await client.PATCH(`${LISTS}/{id}`, { params, body: { name: 'Job' } });
    expect(data).toMatchObject({ name: 'Job', version: 2 });
    expect(browser.statusesOf(`${LISTS}/${list.id}`)).toContain(412);
  });
});
