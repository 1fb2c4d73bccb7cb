import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { parseEnv } from '../../src/config/env.js';
import { checkRedis } from '../../src/doctor/check-redis.js';
import { RedisServer } from '../support/redis.js';

let redis: RedisServer;

beforeAll(async () => {
  redis = await RedisServer.create();
  await redis.start();
});
afterAll(() => redis.kill());

it('a Redis that runs scripts is usable, and has no key afterwards', async () => {
  expect(await checkRedis(parseEnv({ REDIS_URL: redis.url }))).toMatchObject({ level: 'ok' });
  expect(await redis.command('dbsize')).toBe(0);
});

it.each([
  { name: 'refuses the password', user: 'ada:wrong', reason: /WRONGPASS/ },
  { name: 'lets the account run no scripts', user: 'ada:right', reason: /NOPERM/ },
])('a Redis that $name is a warning', async ({ user, reason }) => {
  await redis.command('acl', 'setuser', 'ada', 'on', '>right', '+@all', '-eval');
  const REDIS_URL = redis.url.replace('://', `://${user}@`);
  const finding = await checkRedis(parseEnv({ REDIS_URL }));
  expect(finding).toMatchObject({
    level: 'warning',
    text: expect.stringMatching(reason) as unknown,
  });
});

it('a Redis that does not respond is a warning', async () => {
  redis.silence();
  const finding = await checkRedis(parseEnv({ REDIS_URL: redis.url }));
  redis.resume();
  expect(finding).toMatchObject({ level: 'warning' });
});
