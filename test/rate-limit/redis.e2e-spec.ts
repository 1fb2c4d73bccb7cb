import { Logger } from '@nestjs/common';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { addressKey } from '../../src/identity/address-key.js';
import { RateLimits } from '../../src/rate-limit/index.js';
import type { TestApp } from '../support/app.js';
import { send } from '../support/client.js';
import { until } from '../support/until.js';
import {
  LIMITED,
  LIMITED_IDENTITY,
  repeat,
  signIn,
  start,
  statuses,
  stopAll,
  USER_LIMIT,
} from '../support/rate-limit.js';
import { RedisServer } from '../support/redis.js';
import { mintUser } from '../support/tokens.js';

describe('with Redis', () => {
  let redis: RedisServer;
  beforeEach(async () => {
    redis = await RedisServer.create();
    await redis.start();
  });
  afterEach(async () => {
    jest.restoreAllMocks();
    await stopAll();
    await redis.kill();
  });

  /** Two instances, and a user of both. */
  async function startTwo() {
    const [one, two] = [
      await start({ ...LIMITED, REDIS_URL: redis.url }),
      await start({ ...LIMITED, REDIS_URL: redis.url }),
    ];
    const list = async (sub: string, { url }: TestApp) => (await mintUser(url, sub)).api('/tasks');
    return { one, two, list };
  }

  const counts = async (key: string) => (await redis.command('get', `taskward:${key}`)) !== null;

  it('instances count together', async () => {
    const { one, two, list } = await startTwo();
    expect(await statuses(3, () => list('ada', one))).toEqual(repeat(200, 3));
    expect(await statuses(3, () => list('ada', two))).toEqual([200, 200, 429]);
    expect((await list('ada', one)).status).toBe(429);
    expect((await list('bob', one)).status).toBe(200);
    expect(await statuses(2, () => send(`${one.url}/docs`))).toEqual([200, 200]);
    expect(await statuses(2, () => send(`${two.url}/docs`))).toEqual([200, 429]);
    expect(await redis.command('ttl', 'taskward:user:ada')).toBeGreaterThan(30);
  });

  it('instances count the operations of batches together', async () => {
    const { one, two, list } = await startTwo();
    const operations = Array<unknown>(3).fill({ op: 'create', task: { title: 'made' } });
    const batch = async ({ url }: TestApp) =>
      (await mintUser(url, 'ada')).api('/tasks/batch', { method: 'POST', json: { operations } });
    expect((await batch(one)).status).toBe(200);
    expect((await batch(two)).status).toBe(429);
    expect((await list('ada', one)).status).toBe(429);
  });

  it('instances count sign-ins together', async () => {
    const one = await start({ ...LIMITED_IDENTITY, REDIS_URL: redis.url });
    const two = await start({ ...LIMITED_IDENTITY, REDIS_URL: redis.url });
    expect(await statuses(2, () => signIn(one.url))).toEqual([400, 400]);
    expect(await statuses(2, () => signIn(two.url))).toEqual([400, 429]);
    // Better Auth's own counters are shared by all that run in one process, as these two do.
    expect(await redis.command('keys', 'taskward:*/sign-in/email')).toHaveLength(1);
  });

  it('wrong passwords of one account are refused, however many came before', async () => {
    const app = await start({ RATE_LIMIT: 'on', TRUST_PROXY: 'loopback', REDIS_URL: redis.url });
    const limits = app.nest.get(RateLimits);
    const key = addressKey('guess', 'ada@example.com');
    const guess = async (n: number) => {
      const json = { email: 'ada@example.com', password: 'a wrong guess' };
      const headers = { origin: app.url, 'x-forwarded-for': `192.0.2.${String(n)}` };
      return send(`${app.url}/api/auth/sign-in/email`, { method: 'POST', headers, json });
    };
    for (let i = 0; i < 50; i += 1) {
      await limits.count(key, { max: 50, window: 3_600 });
    }
    for (let n = 1; n <= 3; n += 1) expect((await guess(n)).status).toBe(429);
  });

  it('killed, each instance counts by itself, with one log line; back, they count together', async () => {
    const warn = jest.spyOn(Logger.prototype, 'warn');
    const { one, two, list } = await startTwo();
    expect((await list('ada', one)).status).toBe(200);
    await redis.kill();
    for (const app of [one, two]) {
      const used = await statuses(USER_LIMIT + 2, () => list('ada', app));
      expect(used).toEqual([...repeat(200, USER_LIMIT), 429, 429]);
    }
    // Beside the lines of the authentication log, which are objects.
    expect(warn.mock.calls.filter(([line]) => typeof line === 'string')).toHaveLength(2);

    await redis.start();
    for (const [i, app] of [one, two].entries()) {
      await until(
        async () => (await list(`probe${i}`, app)).status > 0 && counts(`user:probe${i}`),
      );
    }
    expect(await statuses(3, () => list('bob', one))).toEqual(repeat(200, 3));
    expect(await statuses(3, () => list('bob', two))).toEqual([200, 200, 429]);
  });

  it('silent, no request waits for it for long', async () => {
    const { one, list } = await startTwo();
    expect((await list('ada', one)).status).toBe(200);
    redis.silence();
    const started = Date.now();
    const used = await statuses(USER_LIMIT + 1, () => list('ada', one));
    expect(used).toEqual([...repeat(200, USER_LIMIT), 429]);
    expect(Date.now() - started).toBeLessThan(3_000);
    redis.resume();
    await until(async () => (await list('probe', one)).status > 0 && counts('user:probe'));
  });

  it('silent from the start, it holds up neither the start nor a request', async () => {
    redis.silence();
    const started = Date.now();
    const { one, list } = await startTwo();
    const used = await statuses(USER_LIMIT + 1, () => list('ada', one));
    expect(used).toEqual([...repeat(200, USER_LIMIT), 429]);
    expect(Date.now() - started).toBeLessThan(6_000);
  });

  it('not there at the start, it is used once it comes', async () => {
    await redis.kill();
    const { one, list } = await startTwo();
    const used = await statuses(USER_LIMIT + 1, () => list('ada', one));
    expect(used).toEqual([...repeat(200, USER_LIMIT), 429]);
    await redis.start();
    await until(async () => (await list('probe', one)).status > 0 && counts('user:probe'));
  });

  it('is left when the instance stops', async () => {
    const { list, one } = await startTwo();
    await list('ada', one);
    expect(await redis.command('client', 'list')).toMatch(/(.*\n){3}/);
    await stopAll();
    await until(
      async () =>
        String(await redis.command('client', 'list'))
          .trim()
          .split('\n').length === 1,
    );
  });
});
