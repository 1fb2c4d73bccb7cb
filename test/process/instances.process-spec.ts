import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { ChangePageDto } from '../../src/changes/change.dto.js';
import { send, signUp, type TestUser } from '../support/client.js';
import { asDatabaseOwner, createDatabase } from '../support/database.js';
import { closeStreams, follow } from '../support/event-stream.js';
import { createWithKey, newKey } from '../support/idempotency.js';
import { BETTER_AUTH_SECRET, callAuth } from '../support/identity.js';
import { Instances } from '../support/instances.js';
import { from, signIn } from '../support/rate-limit.js';
import { RedisServer } from '../support/redis.js';
import { until } from '../support/until.js';

/** Three processes behind nginx, on one database and one Redis: what holds across them. */

const SECOND = 1_000;
const USER_LIMIT = 300;
const ADDRESS_LIMIT = 30;

let redis: RedisServer;
let databaseUrl: string;
let instances: Instances;
let url: string;
let ada: TestUser;
let eve: TestUser;

beforeAll(async () => {
  redis = await RedisServer.create();
  await redis.start();
  databaseUrl = await createDatabase({ empty: true });
  instances = await Instances.start({
    BETTER_AUTH_SECRET,
    DATABASE_URL: databaseUrl,
    REDIS_URL: redis.url,
    RATE_LIMIT_PER_MINUTE: String(USER_LIMIT),
    RATE_LIMIT_ANONYMOUS_PER_MINUTE: String(ADDRESS_LIMIT),
    LOG_LEVEL: 'silent',
  });
  url = instances.url;
  ada = await signUp(url);
  eve = await signUp(url, 'eve');
});
afterAll(async () => {
  await instances.close();
  await redis.kill();
});
afterEach(closeStreams);

const sql = (text: string) => asDatabaseOwner({ databaseUrl }, text);
const statusAt = async (instance: string, { token }: TestUser) =>
  (await send(`${instance}/api/v1/tasks`, { headers: { authorization: `Bearer ${token}` } }))
    .status;
const statusesOf = (user: TestUser) =>
  Promise.all(instances.urls.map((instance) => statusAt(instance, user)));

/** How often each status came. */
function count(statuses: readonly number[]): Record<number, number> {
  const counts: Record<number, number> = {};
  for (const status of statuses) counts[status] = (counts[status] ?? 0) + 1;
  return counts;
}

describe('a start of three at once', () => {
  it('runs each migration once, and makes one signing key', async () => {
    const runs = await sql('select count(*)::int as runs from migration group by name');
    expect(new Set(runs.map((row) => row['runs']))).toEqual(new Set([1]));
    expect(await sql('select count(*)::int as keys from auth.jwks')).toEqual([{ keys: 1 }]);
  });
});

describe('a sign-out', () => {
  it('ends the token at each instance within a second', async () => {
    const leo = await signUp(url, 'leo');
    expect(await statusesOf(leo)).toEqual([200, 200, 200]);
    expect((await callAuth(url, '/sign-out', {}, leo.cookie)).status).toBe(200);
    const start = performance.now();
    await until(async () => (await statusesOf(leo)).every((status) => status === 401));
    expect(performance.now() - start).toBeLessThan(SECOND);
    expect(await statusesOf(ada)).toEqual([200, 200, 200]);
  });
});

describe('rate limits', () => {
  it('count the requests of a user at all instances together', async () => {
    const list = () => eve.api('/tasks');
    const found: number[] = [];
    while (found.length < USER_LIMIT + 8) {
      const responses = await Promise.all([list(), list(), list(), list()]);
      found.push(...responses.map(({ status }) => status));
    }
    expect(count(found)).toEqual({ 200: USER_LIMIT, 429: 8 });
  });

  it('count those without a token by the address that nginx has seen', async () => {
    const docs = (address: string) => from(address)(`${url}/docs`);
    const found: number[] = [];
    for (let n = 0; n < ADDRESS_LIMIT + 3; n += 1) found.push((await docs('203.0.113.1')).status);
    expect(count(found)).toEqual({ 200: ADDRESS_LIMIT, 429: 3 });
    expect((await docs('203.0.113.2')).status).toBe(200);
  });

  it('of sign-ins are those of Better Auth, at all instances together', async () => {
    const found: number[] = [];
    for (let n = 0; n < 5; n += 1) found.push((await signIn(url)).status);
    expect(count(found)).toEqual({ 400: 3, 429: 2 });
  });
});

describe('an Idempotency-Key', () => {
  it('makes one task, however many instances have the request at once', async () => {
    const key = newKey();
    const responses = await Promise.all(
      Array.from({ length: 30 }, () => createWithKey({ url }, ada, key, { title: key })),
    );
    const again = await createWithKey({ url }, ada, key, { title: key });
    expect([again.status, again.headers.get('idempotency-replayed')]).toEqual([201, 'true']);
    const { 201: created = 0, 409: running = 0 } = count(responses.map(({ status }) => status));
    expect([created > 0, created + running]).toEqual([true, 30]);
    const { data } = await ada.list('?limit=200');
    expect(data.filter(({ title }) => title === key)).toHaveLength(1);
  });
});

describe('changes', () => {
  it('of all instances arrive in one order, in the stream and on pages', async () => {
    const stream = await follow(url, ada);
    const { body: start } = await ada.api<ChangePageDto>('/changes');
    await Promise.all(Array.from({ length: 30 }, (_, n) => ada.create({ title: `task ${n}` })));
    const received = (await stream.received(30)).map(({ token }) => token);
    const { body } = await ada.api<ChangePageDto>(`/changes?since=${start.nextToken}&limit=200`);
    expect(received).toEqual(body.data.map(({ token }) => token));
    expect(new Set(received).size).toBe(30);
  });

  it('arrive through nginx within a second, one by one', async () => {
    const stream = await follow(url, ada);
    for (let n = 1; n <= 5; n += 1) {
      const start = performance.now();
      await ada.create({ title: `at once ${n}` });
      await stream.received(n);
      expect(performance.now() - start).toBeLessThan(SECOND);
    }
  });

  it('continue at another instance once one is killed', async () => {
    // One of them at each instance.
    const streams = [await follow(url, ada), await follow(url, ada), await follow(url, ada)];
    await instances.stop(0, 'SIGKILL');
    await until(() => Promise.resolve(streams.some(({ isClosed }) => isClosed)));
    const cut = streams.filter(({ isClosed }) => isClosed);
    expect(cut).toHaveLength(1);
    const created = await Promise.all(['a', 'b', 'c'].map((title) => ada.create({ title })));
    const headers = { 'last-event-id': cut[0]?.lastEventId ?? '' };
    const resumed = await follow(url, ada, { headers });
    const ids = (await resumed.received(3)).map(({ id }) => id);
    expect(ids.sort()).toEqual(created.map(({ id }) => id).sort());
    await instances.restart(0);
    expect(await statusesOf(ada)).toEqual([200, 200, 200]);
  });
});
