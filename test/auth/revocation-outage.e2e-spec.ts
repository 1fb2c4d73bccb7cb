import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { decodeJwt } from 'jose';
import type { Pool } from 'pg';
import { Env } from '../../src/config/env.js';
import { sharedUrls } from '../../src/database/index.js';
import { SessionEvents } from '../../src/identity/session-events.js';
import { startApp, type TestApp } from '../support/app.js';
import { signUp } from '../support/client.js';
import { asDatabaseOwner, createDatabase } from '../support/database.js';
import { until as untilTrue } from '../support/until.js';
import {
  ENDED,
  GOOD,
  newSession,
  probe,
  type TestSession,
  UNKNOWN,
  until,
} from '../support/ended-sessions.js';
import { DatabaseProxy } from '../support/tcp-proxy.js';

/** Milliseconds after which an instance that hears nothing refuses, with some for a busy machine. */
const MAX_STALENESS_MS = 5_000 + 1_500;
/** Milliseconds that a line which is back may take to be used, likewise. */
const MAX_RECONNECT_MS = 1_000 + 1_000;

let databaseUrl: string;
let proxy: DatabaseProxy;
let app: TestApp;
let email: string;

beforeAll(async () => {
  databaseUrl = await createDatabase();
  proxy = new DatabaseProxy(databaseUrl);
  app = await startApp({ DATABASE_URL: await proxy.start() });
  ({ email } = await signUp(app.url));
});
afterAll(async () => {
  await app.close();
  await proxy.stop();
});

/** By a way that the proxy does not see. */
const endSession = ({ token }: TestSession) =>
  asDatabaseOwner(
    { databaseUrl },
    `delete from auth.session where id = '${String(decodeJwt(token)['sid'])}'`,
  );

describe('while the database is out of reach', () => {
  let ended: TestSession;
  let kept: TestSession;

  beforeEach(async () => {
    ended = await newSession(app.url, email);
    kept = await newSession(app.url, email);
    for (const { token } of [ended, kept]) await until(GOOD, app.url, token);
  });
  afterEach(() => {
    proxy.mend();
  });

  it.each([
    { name: 'cut', fail: () => proxy.cut() },
    { name: 'silent', fail: () => proxy.freeze() },
  ])(
    'a connection that is $name: known sessions count for seconds, then requests get 503',
    async ({ fail }) => {
      fail();
      await endSession(ended);
      const { ms, before } = await until(UNKNOWN, app.url, ended.token);
      expect(before).toEqual([GOOD]);
      expect(ms).toBeLessThan(MAX_STALENESS_MS);
      expect(await probe(app.url, kept.token)).toBe(UNKNOWN);

      proxy.mend();
      const back = await until(ENDED, app.url, ended.token);
      expect(back.before).toEqual([UNKNOWN]);
      expect(back.ms).toBeLessThan(MAX_RECONNECT_MS);
      expect(await probe(app.url, kept.token)).toBe(GOOD);
    },
  );

  it('a connection that was forgotten on its way is given up, and made anew', async () => {
    proxy.freeze();
    await endSession(ended);
    await until(UNKNOWN, app.url, kept.token);
    proxy.thaw();
    // A connection that was being made meanwhile has a deadline of its own.
    expect((await until(GOOD, app.url, kept.token)).ms).toBeLessThan(5_000 + MAX_RECONNECT_MS);
    expect(await probe(app.url, ended.token)).toBe(ENDED);
  });

  it('a session that is known to have ended is refused as ever', async () => {
    await endSession(ended);
    await until(ENDED, app.url, ended.token);
    proxy.cut();
    await until(UNKNOWN, app.url, kept.token);
    expect(await probe(app.url, ended.token)).toBe(ENDED);
    proxy.mend();
    await until(GOOD, app.url, kept.token);
  });
});

describe('the stop', () => {
  const startBehind = async () => {
    const line = new DatabaseProxy(databaseUrl);
    return { line, brief: await startApp({ DATABASE_URL: await line.start() }) };
  };

  it('leaves no connection while the database is silent', async () => {
    const { line, brief } = await startBehind();
    line.freeze();
    const start = performance.now();
    await brief.close();
    expect(performance.now() - start).toBeLessThan(15_000);
    await line.stop();
  });

  it('does not wait for a line that is just being made anew', async () => {
    const { line, brief } = await startBehind();
    line.slow(2_000);
    line.messages.length = 0;
    line.cut();
    line.mend();
    await untilTrue(() => Promise.resolve(line.messages.includes('start-up')));
    const start = performance.now();
    await brief.close();
    expect(performance.now() - start).toBeLessThan(1_500);
    await line.stop();
  });
});

describe('the start', () => {
  it('fails behind a pooler that takes LISTEN and delivers nothing', async () => {
    const silent = { query: () => Promise.resolve() } as unknown as Pool;
    const limits = new Env().databaseLimits;
    const { session } = sharedUrls(databaseUrl, limits);
    const events = new SessionEvents(silent, session, 60, limits);
    await expect(events.start()).rejects.toThrow(
      'A connection pooler in transaction mode causes this',
    );
    await events.stop();
    const left = `select from pg_stat_activity where application_name = 'taskward listen'
      and datname = current_database() and pid <> pg_backend_pid()`;
    // That of the app alone, once PostgreSQL has seen that the other one is gone.
    await untilTrue(async () => (await asDatabaseOwner({ databaseUrl }, left)).length === 1);
  });
});
