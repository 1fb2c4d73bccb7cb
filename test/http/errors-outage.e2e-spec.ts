import { beforeAll, describe, expect, it } from '@jest/globals';
import type { ProblemDto } from '../../src/problems/problem.dto.js';
import type { HealthDto } from '../../src/health/health.openapi.js';
import { type ApiResponse, send, signUp, type TestUser } from '../support/client.js';
import { useProxiedApp } from '../support/proxied-app.js';
import { until } from '../support/until.js';

/** Shorter than they are by default, as they are waited for. */
const LIMITS = { DATABASE_STATEMENT_TIMEOUT: '3s', DATABASE_CONNECT_TIMEOUT: '3s' };
/**
 * Milliseconds: the deadlines of a statement and a connection, the second for which readiness is
 * remembered, and some to spare.
 */
const DEADLINE = 9_000;
/** Milliseconds: less than a statement may take; more, for a few of them, than the deadline. */
const LAG = 1_900;

const app = useProxiedApp(LIMITS);
let ada: TestUser;
/** As one user may hold four connections alone, and their first task. */
let users: { user: TestUser; taskPath: string }[];

beforeAll(async () => {
  ada = await signUp(app.url);
  const everybody = [ada];
  // One after the other: on a busy machine all hashes at once could outlast the deadlines.
  for (const name of ['a', 'b', 'c', 'd']) everybody.push(await signUp(app.url, name));
  users = await Promise.all(
    everybody.map(async (user) => ({ user, taskPath: `/tasks/${(await user.create()).id}` })),
  );
});

/** Everything that needs the database, all at once, twice as much as the pool has connections. */
function sendAll(): Promise<ApiResponse<unknown>[]> {
  const title = { title: 'During the outage' };
  return Promise.all(
    users.flatMap(({ user, taskPath }) => [
      user.api('/tasks'),
      user.api('/tasks', { method: 'POST', json: title }),
      user.api(taskPath, { method: 'PATCH', json: title }),
      user.api(`${taskPath}/complete`, { method: 'PATCH', json: { completed: true } }),
    ]),
  );
}

/** Readiness once it is refused: one probe serves everybody for a second. */
async function unreadiness(): Promise<ApiResponse<ProblemDto>> {
  for (;;) {
    const ready = await send(`${app.url}/health/ready`);
    if (ready.status !== 200) return ready;
  }
}

async function expectOutage(): Promise<void> {
  const start = performance.now();
  const [responses, ready, live] = await Promise.all([
    sendAll(),
    unreadiness(),
    send<HealthDto>(`${app.url}/health/live`),
  ]);
  expect(performance.now() - start).toBeLessThan(DEADLINE);
  for (const { status, headers, body } of responses) {
    expect([status, body]).toMatchObject([503, { code: 'database_unavailable' }]);
    expect(headers.get('retry-after')).toMatch(/^[1-9]\d*$/);
    expect(JSON.stringify(body)).not.toMatch(/ECONN|127\.0\.0\.1|terminated|timeout/i);
  }
  expect([ready.status, ready.body.code]).toEqual([503, 'not_ready']);
  expect(ready.body.errors).toMatchObject([{ code: 'database' }]);
  expect(ready.headers.get('retry-after')).toMatch(/^[1-9]\d*$/);
  expect([live.status, live.body]).toEqual([200, { status: 'ok' }]);
}

/** It may take a connection or two until the pool has noticed which of them are gone. */
async function expectService(): Promise<void> {
  const isServed = async () => {
    const ready = await send(`${app.url}/health/ready`);
    const responses = ready.status === 200 ? await sendAll() : [ready];
    return responses.every(({ status }) => status < 300);
  };
  await until(isServed);
}

describe('while the database is out of reach', () => {
  it('requests are 503 by the deadline, and served again once it is back', async () => {
    await expectService();
    app.proxy.cut();
    await expectOutage();
    await expectOutage();
    app.proxy.mend();
    await expectService();
  });

  it('one that ends in the middle of a request does no more than fail that request', async () => {
    await expectService();
    const responses = sendAll();
    app.proxy.cut();
    for (const { status } of await responses) expect([200, 201, 503]).toContain(status);
    app.proxy.mend();
    await expectService();
  });

  it('a network that swallows what is sent holds no request past the deadline', async () => {
    await expectService();
    app.proxy.freeze();
    await expectOutage();
    app.proxy.mend();
    await expectService();
  });

  it('one that is slow with every statement holds no transaction for the sum of them', async () => {
    await expectService();
    app.proxy.slow(LAG);
    const start = performance.now();
    const { status, body } = await ada.api('/tasks', {
      method: 'POST',
      headers: { 'idempotency-key': 'slow' },
      json: { title: 'Begin, lock, look, insert, keep, commit' },
    });
    const seconds = (performance.now() - start) / 1_000;
    app.proxy.slow(0);
    expect([status, body]).toMatchObject([503, { code: 'database_unavailable' }]);
    expect(seconds).toBeLessThan(DEADLINE / 1_000);
    await expectService();
  });

  it('the embedded issuer also responds by the deadline', async () => {
    await expectService();
    const keys = `${app.url}/api/auth/jwks`;
    expect((await send(keys)).status).toBe(200);
    app.proxy.freeze();
    const start = performance.now();
    const { status, body } = await send(keys);
    expect(performance.now() - start).toBeLessThan(DEADLINE);
    expect([status, body]).toMatchObject([503, { code: 'database_unavailable' }]);
    app.proxy.mend();
    await expectService();
  });

  it('a sign-in that is cut off does not end the process', async () => {
    await expectService();
    app.proxy.freeze();
    const json = { email: ada.email, password: 'correct horse battery' };
    const options = { method: 'POST', json, headers: { origin: app.url } };
    const signIn = send(`${app.url}/api/auth/sign-in/email`, options);
    expect((await unreadiness()).status).toBe(503);
    app.proxy.mend();
    expect((await signIn).status).toBeGreaterThanOrEqual(500);
    await expectService();
  });
});
