import { randomUUID } from 'node:crypto';
import {
  afterAll,
  afterEach,
  beforeAll,
  beforeEach,
  describe,
  expect,
  it,
  jest,
} from '@jest/globals';
import type { ProblemDto } from '../../src/problems/problem.dto.js';
import { DatabaseProbe } from '../../src/database/index.js';
import { startApp, type TestApp } from '../support/app.js';
import {
  type ApiResponse,
  type RequestOptions,
  send,
  signUp,
  type TestUser,
} from '../support/client.js';
import { createDatabase, withOwner } from '../support/database.js';
import { createKey, jwksMode, KeySetServer } from '../support/tokens.js';
import { DatabaseProxy } from '../support/tcp-proxy.js';
import { until } from '../support/until.js';

/** Shorter than they are by default, as they are waited for. */
const LIMITS = { DATABASE_STATEMENT_TIMEOUT: '3s', DATABASE_CONNECT_TIMEOUT: '2s' };
/** Seconds within which every answer must come, whatever is down: the longest is a statement's. */
const DEADLINE = 5;
/** Connections that the API keeps at most. */
const POOL_SIZE = 10;

let databaseUrl: string;
let proxy: DatabaseProxy;
let app: TestApp;
let ada: TestUser;

beforeAll(async () => {
  databaseUrl = await createDatabase();
  proxy = new DatabaseProxy(databaseUrl);
  app = await startApp({ ...LIMITS, DATABASE_URL: await proxy.start() });
  ada = await signUp(app.url);
  await ada.create();
});
afterAll(async () => {
  await app.close();
  await proxy.stop();
});

const health = (part: 'live' | 'ready') => send(`${app.url}/health/${part}`);

async function seconds(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return (performance.now() - start) / 1000;
}

async function expectUnavailable(request: () => Promise<ApiResponse<ProblemDto>>): Promise<void> {
  const { status, headers, body } = await request();
  expect({ status, code: body.code }).toEqual({ status: 503, code: 'database_unavailable' });
  expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
  expect(JSON.stringify(body)).not.toMatch(/127\.0\.0\.1|ECONN|select|pg_|terminat/i);
}

/** Readiness once it is refused: one probe serves everybody for a second. */
async function unreadiness(): Promise<ApiResponse<ProblemDto>> {
  for (;;) {
    const ready = await health('ready');
    if (ready.status !== 200) return ready;
  }
}

/** The connection that tells of ended sessions is tried again once a second. */
async function expectRecovery(): Promise<void> {
  await until(
    async () => (await health('ready')).status === 200 && (await ada.list()).data.length > 0,
  );
  // Better Auth has connections of its own; a pooler may take a second longer for them.
  await until(
    async () =>
      (await send(`${app.url}/api/auth/token`, { headers: { cookie: ada.cookie } })).status === 200,
  );
  await expect(ada.list()).resolves.toMatchObject({ data: [{ title: 'Buy milk' }] });
}

describe('a healthy app', () => {
  it.each(['live', 'ready'] as const)('is %s, to anybody', async (part) => {
    const { status, headers, body } = await health(part);
    expect([status, body]).toEqual([200, { status: 'ok' }]);
    expect(headers.get('content-type')).toContain('application/json');
    expect(headers.get('x-request-id')).not.toBeNull();
  });

  it.each(['live', 'ready'])('refuses other methods than GET and HEAD: %s', async (part) => {
    const { status, headers } = await send(`${app.url}/health/${part}`, { method: 'POST' });
    expect([status, headers.get('allow')]).toEqual([405, 'GET, HEAD']);
  });

  it('does not mind a token, good or bad', async () => {
    for (const token of [ada.token, 'garbage']) {
      const headers = { authorization: `Bearer ${token}` };
      expect((await send(`${app.url}/health/ready`, { headers })).status).toBe(200);
    }
  });
});

describe('many callers of /health/ready', () => {
  it('share one probe of the database a second', async () => {
    const ping = jest.spyOn(DatabaseProbe.prototype, 'ping');
    const start = performance.now();
    for (let round = 0; round < 10; round += 1) {
      const responses = await Promise.all(Array.from({ length: 30 }, () => health('ready')));
      expect(new Set(responses.map(({ status }) => status))).toEqual(new Set([200]));
    }
    const elapsedSeconds = (performance.now() - start) / 1000;
    expect(ping.mock.calls.length).toBeLessThanOrEqual(Math.floor(elapsedSeconds) + 1);
    ping.mockRestore();
  });
});

describe('without PostgreSQL', () => {
  beforeEach(async () => {
    proxy.cut();
    await unreadiness();
  });
  afterEach(() => proxy.mend());

  it('the app is live but not ready, and names only the failing part', async () => {
    expect((await health('live')).status).toBe(200);
    const { status, headers, body } = await health('ready');
    expect({ status, code: body.code }).toEqual({ status: 503, code: 'not_ready' });
    expect(headers.get('retry-after')).not.toBeNull();
    expect(headers.get('content-type')).toContain('application/problem+json');
    const { requestId, ...rest } = body;
    expect(requestId).toEqual(expect.any(String));
    expect(rest).toEqual({
      type: 'urn:taskward:problem:not_ready',
      title: 'Not ready to serve requests',
      status: 503,
      detail: 'Unavailable: database.',
      instance: '/health/ready',
      code: 'not_ready',
      errors: [{ code: 'database', detail: 'is unavailable' }],
    });
  });

  it('a good token is not refused', async () => {
    await expectUnavailable(() => ada.api('/tasks'));
    await expectUnavailable(() => ada.api(`/tasks/${randomUUID()}`, { method: 'DELETE' }));
  });

  it('a bad token still gives 401, and bad input 4xx', async () => {
    expect((await send(`${app.url}/api/v1/tasks`)).status).toBe(401);
    expect((await ada.api('/tasks', { method: 'POST', json: {} })).status).toBe(422);
    expect((await ada.api('/nothing')).status).toBe(404);
  });

  it.each<{ name: string; method: string; path: string; options: () => RequestOptions }>([
    {
      name: 'sign-up',
      method: 'POST',
      path: '/sign-up/email',
      options: () => ({ json: account('eve@example.com') }),
    },
    {
      name: 'sign-in',
      method: 'POST',
      path: '/sign-in/email',
      options: () => ({ json: account(ada.email) }),
    },
    {
      name: 'token',
      method: 'GET',
      path: '/token',
      options: () => ({ headers: { cookie: ada.cookie } }),
    },
    {
      name: 'sign-out',
      method: 'POST',
      path: '/sign-out',
      options: () => ({ headers: { cookie: ada.cookie } }),
    },
    {
      name: 'session',
      method: 'GET',
      path: '/get-session',
      options: () => ({ headers: { cookie: ada.cookie } }),
    },
  ])(
    "Better Auth's $name gives 503, which no client takes for a sign-out",
    async ({ method, path, options }) => {
      const { headers, ...rest } = options();
      const url = `${app.url}/api/auth${path}`;
      await expectUnavailable(() =>
        send(url, { method, headers: { origin: app.url, ...headers }, ...rest }),
      );
    },
  );

  const account = (email: string) => ({ name: 'x', email, password: 'correct horse battery' });

  it('the app recovers by itself once it is back', async () => {
    await expectUnavailable(() => ada.api('/tasks'));
    proxy.mend();
    await expectRecovery();
  });
});

describe('when PostgreSQL', () => {
  it('ends every connection, the next requests are served', async () => {
    await ada.list();
    await withOwner(databaseUrl, (client) =>
      client.query(
        `select pg_terminate_backend(pid) from pg_stat_activity
          where datname = current_database() and pid <> pg_backend_pid()`,
      ),
    );
    // A connection that was ended may be found out only by the request that uses it: so there are
    // at most as many 503s as the pool had connections.
    const statuses: number[] = [];
    while (statuses.at(-1) !== 200 && statuses.length <= POOL_SIZE) {
      statuses.push((await ada.api('/tasks')).status);
    }
    expect([...statuses.slice(0, -1).filter((status) => status !== 503), statuses.at(-1)]).toEqual([
      200,
    ]);
    await expectRecovery();
  });

  it('is killed in the middle of a sign-in, that sign-in alone fails', async () => {
    const signIn = await withOwner(databaseUrl, async (client) => {
      await client.query('begin; lock table auth."user" in access exclusive mode');
      const json = { email: ada.email, password: 'correct horse battery' };
      const options = { method: 'POST', headers: { origin: app.url }, json };
      const response = send(`${app.url}/api/auth/sign-in/email`, options);
      const waiting = `select from pg_stat_activity
        where datname = current_database() and wait_event_type = 'Lock'`;
      // On another connection: a transaction sees the activity of its first look.
      await withOwner(databaseUrl, async (observer) => {
        while ((await observer.query(waiting)).rowCount === 0);
      });
      // Without a word, as when a server is killed: a shutdown would tell the query first.
      proxy.cut();
      await client.query('rollback');
      return response;
    });
    expect([signIn.status, signIn.body.code]).toEqual([503, 'database_unavailable']);
    proxy.mend();
    await expectRecovery();
  });

  it('does not respond, readiness and every request of Better Auth end by their deadlines', async () => {
    await signUp(app.url);
    proxy.freeze();
    try {
      const readiness = seconds(unreadiness);
      const token = seconds(() =>
        expectUnavailable(() =>
          send(`${app.url}/api/auth/token`, { headers: { cookie: ada.cookie } }),
        ),
      );
      expect((await health('live')).status).toBe(200);
      expect(await readiness).toBeLessThan(4);
      expect(await token).toBeLessThan(DEADLINE);
    } finally {
      proxy.mend();
    }
    await expectRecovery();
  });

  it('holds a lock for too long, waiting requests end by their deadline', async () => {
    const inParallel = <T>(request: () => Promise<T>) =>
      Promise.all(Array.from({ length: 12 }, request));
    // Opening connections has a deadline of its own.
    await inParallel(() => ada.api('/tasks'));
    await withOwner(databaseUrl, async (client) => {
      await client.query('begin; lock table task in access exclusive mode');
      const locked = () => inParallel(() => expectUnavailable(() => ada.api('/tasks')));
      expect(await seconds(locked)).toBeLessThan(DEADLINE);
      await client.query('rollback');
    });
    await expectRecovery();
  });
});

describe('readiness with a remote key set', () => {
  it('names the key set when it is out of reach, and both parts when both are', async () => {
    const keySet = await new KeySetServer().start((await createKey('first')).jwk);
    keySet.misbehave = (_, response) => response.writeHead(500).end();
    const remote = new DatabaseProxy(databaseUrl);
    const other = await startApp({ ...jwksMode(keySet.url), DATABASE_URL: await remote.start() });
    const failing = async () => {
      const { body } = await send(`${other.url}/health/ready`);
      return body.errors?.map(({ code }) => code);
    };
    try {
      expect(await failing()).toEqual(['keys']);
      remote.cut();
      await until(async () => (await failing())?.length === 2);
      expect(await failing()).toEqual(['database', 'keys']);
    } finally {
      remote.mend();
      await other.close();
      await remote.stop();
      await keySet.stop();
    }
  });
});
