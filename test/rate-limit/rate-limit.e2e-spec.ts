import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { TokenVerifier } from '../../src/auth/index.js';
import type { TestApp } from '../support/app.js';
import { send, type TestUser } from '../support/client.js';
import { asDatabaseOwner } from '../support/database.js';
import {
  ADDRESS_LIMIT,
  from,
  LIMITED,
  LIMITED_IDENTITY,
  repeat,
  SIGN_INS,
  signIn,
  start,
  statuses,
  stopAll,
  USER_LIMIT,
} from '../support/rate-limit.js';
import { parseResponses, speak } from '../support/raw.js';
import { createKey, jwksMode, mintUser } from '../support/tokens.js';

afterEach(() => {
  jest.restoreAllMocks();
});

/** A batch that creates `size` tasks. */
const batch = (user: TestUser, size: number) => {
  const operations = Array<unknown>(size).fill({ op: 'create', task: { title: 'made' } });
  return user.api('/tasks/batch', { method: 'POST', json: { operations } });
};

async function titlesOf(app: TestApp, sub: string): Promise<unknown[]> {
  const rows = await asDatabaseOwner(app, `select title from task where owner_id = '${sub}'`);
  return rows.map(({ title }) => title);
}

describe('a user', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await start(LIMITED);
  });
  afterAll(stopAll);

  it('has an allowance of their own', async () => {
    const [ada, bob] = [await mintUser(app.url, 'ada'), await mintUser(app.url, 'bob')];
    const used = await statuses(USER_LIMIT + 1, () => ada.api('/tasks'));
    expect(used).toEqual([...repeat(200, USER_LIMIT), 429]);
    expect((await bob.api('/tasks')).status).toBe(200);
  });

  it('has the same one however an address is spelled', async () => {
    const { token } = await mintUser(app.url, 'ann');
    const request = async (target: string) => {
      const lines = [`GET ${target} HTTP/1.1`, 'Host: x', 'Connection: close'];
      const head = [...lines, `Authorization: Bearer ${token}`, '', ''].join('\r\n');
      return { status: parseResponses(await speak(app.url, head))[0]?.status ?? 0 };
    };
    const spellings = ['http://host/api/v1/tasks', '/%61pi/v1/tasks', '/api/v1/tasks'];
    const used: number[] = [];
    for (let n = 0; n <= USER_LIMIT; n += 1) {
      used.push((await request(spellings[n % spellings.length] ?? '')).status);
    }
    expect(used).toEqual([...repeat(200, USER_LIMIT), 429]);
  });

  it('gets a problem with the time to continue', async () => {
    const eve = await mintUser(app.url, 'eve');
    await statuses(USER_LIMIT, () => eve.api('/tasks'));
    const { status, headers, body } = await eve.api('/tasks', { method: 'POST', json: {} });
    expect(status).toBe(429);
    expect(headers.get('content-type')).toMatch('application/problem+json');
    expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
    expect(Number(headers.get('retry-after'))).toBeLessThanOrEqual(60);
    expect(body).toMatchObject({ status: 429, code: 'rate_limited', instance: '/api/v1/tasks' });
    expect(headers.get('x-request-id')).toBe(body.requestId);
  });

  it('may continue after the seconds of Retry-After', async () => {
    const kim = await mintUser(app.url, 'kim');
    await statuses(USER_LIMIT, () => kim.api('/tasks'));
    const wait = Number((await kim.api('/tasks')).headers.get('retry-after')) * 1000;
    const { now } = Date;
    const clock = jest.spyOn(Date, 'now').mockImplementation(() => now() + wait - 2_000);
    expect((await kim.api('/tasks')).status).toBe(429);
    clock.mockImplementation(() => now() + wait);
    expect((await kim.api('/tasks')).status).toBe(200);
  });

  it('has one allowance for unknown addresses and refused bodies too', async () => {
    const max = await mintUser(app.url, 'max');
    const used = await statuses(USER_LIMIT - 2, () => max.api('/tasks'));
    expect(used).toEqual(repeat(200, USER_LIMIT - 2));
    expect((await max.api('/nothing')).status).toBe(404);
    expect((await max.api('/tasks', { method: 'POST', json: '{' })).status).toBe(400);
    expect((await max.api('/nothing')).status).toBe(429);
  });

  it('pays for each operation of a batch, and a batch that does not fit is not done', async () => {
    const pat = await mintUser(app.url, 'pat');
    expect((await batch(pat, USER_LIMIT - 2)).status).toBe(200);
    const { body, headers } = await batch(pat, 3);
    expect(body).toMatchObject({ status: 429, code: 'rate_limited' });
    expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
    expect((await pat.api('/tasks')).status).toBe(429);
    expect(await titlesOf(app, 'pat')).toEqual(Array(USER_LIMIT - 2).fill('made'));
  });

  it('pays no more than a whole window for a batch, valid or not', async () => {
    const [lea, leo] = [await mintUser(app.url, 'lea'), await mintUser(app.url, 'leo')];
    expect((await batch(lea, USER_LIMIT + 1)).status).toBe(200);
    expect((await lea.api('/tasks')).status).toBe(429);
    const operations = Array<unknown>(USER_LIMIT).fill({ op: 'none' });
    const invalid = await leo.api('/tasks/batch', { method: 'POST', json: { operations } });
    expect(invalid.status).toBe(422);
    expect((await leo.api('/tasks')).status).toBe(429);
  });

  it('pays once for a body that is no batch', async () => {
    const zoe = await mintUser(app.url, 'zoe');
    const bodies = ['{', '[]', 'null', { operations: 'none' }];
    for (const json of bodies) {
      const { status } = await zoe.api('/tasks/batch', { method: 'POST', json });
      expect([400, 422]).toContain(status);
    }
    expect((await zoe.api('/tasks')).status).toBe(200);
  });

  it('is verified once a request', async () => {
    const verify = jest.spyOn(TokenVerifier.prototype, 'verify');
    await (await mintUser(app.url, 'ian')).api('/tasks');
    expect(verify).toHaveBeenCalledTimes(1);
  });
});

describe('an address', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await start({ ...LIMITED, TRUST_PROXY: 'loopback' });
  });
  afterAll(stopAll);

  it.each([
    { name: 'without a token', path: '/api/v1/tasks', headers: {}, expected: 401 },
    {
      name: 'with a refused token',
      path: '/api/v1/tasks',
      headers: { authorization: 'Bearer x.y.z' },
      expected: 401,
    },
    { name: 'for the docs', path: '/docs', headers: {}, expected: 200 },
    {
      name: 'for the docs, with some token',
      path: '/docs',
      headers: { authorization: 'Bearer x.y.z' },
      expected: 200,
    },
    { name: 'for what is not there', path: '/nothing', headers: {}, expected: 404 },
    { name: 'for no health check', path: '/health/nothing', headers: {}, expected: 404 },
  ])('is limited: $name', async ({ name, path, headers, expected }) => {
    const request = () => from(`192.0.2.${String(name.length)}`)(`${app.url}${path}`, { headers });
    const found = await statuses(ADDRESS_LIMIT + 1, request);
    expect(found).toEqual([...repeat(expected, ADDRESS_LIMIT), 429]);
    expect(Number((await request()).headers.get('retry-after'))).toBeGreaterThan(0);
  });

  it('buys no larger allowance with a valid token where tokens are not read', async () => {
    const { token } = await mintUser(app.url, 'ada');
    const headers = { authorization: `Bearer ${token}` };
    const used = await statuses(ADDRESS_LIMIT + 1, () =>
      from('192.0.2.200')(`${app.url}/openapi.json`, { headers }),
    );
    expect(used).toEqual([...repeat(200, ADDRESS_LIMIT), 429]);
  });

  it('that is used up does not hold up who has a valid token, nor another address', async () => {
    const { token } = await mintUser(app.url, 'bob');
    const used = await statuses(ADDRESS_LIMIT + 1, () =>
      from('192.0.2.201')(`${app.url}/api/v1/tasks`),
    );
    expect(used.at(-1)).toBe(429);
    const headers = { authorization: `Bearer ${token}` };
    const signedIn = await from('192.0.2.201')(`${app.url}/api/v1/tasks`, { headers });
    expect(signedIn.status).toBe(200);
    expect((await from('192.0.2.202')(`${app.url}/docs`)).status).toBe(200);
  });

  it.each([
    {
      name: 'of IPv6 is a /64',
      same: ['2001:db8::1', '2001:db8:0:0:a::', '2001:DB8::ffff'],
      other: '2001:db8:0:1::1',
    },
    {
      name: 'of IPv4 may be mapped',
      same: ['192.0.2.9', '::ffff:192.0.2.9', '::ffff:c000:209'],
      other: '192.0.2.8',
    },
    {
      name: 'that is none is the proxy',
      same: ['unknown', '203.0.113.9:x', '_a'],
      other: '203.0.113.10',
    },
    {
      name: 'may have a port',
      same: ['203.0.113.7', '203.0.113.7:50', '203.0.113.7:51'],
      other: '203.0.113.8:50',
    },
    {
      name: 'of IPv6 may have one',
      same: ['[2001:db8:1::1]:1', '[2001:db8:1::2]', '2001:db8:1::3'],
      other: '[2001:db8:2::1]:1',
    },
    {
      name: 'is that before the proxies',
      same: ['203.0.113.11:1, 127.0.0.1:2', '203.0.113.11, 127.0.0.2', '203.0.113.11, [::1]:9'],
      other: '203.0.113.12, 127.0.0.1:2',
    },
  ])('$name', async ({ same, other }) => {
    for (const address of same) {
      expect((await from(address)(`${app.url}/openapi.json`)).status).toBe(200);
    }
    expect((await from(same[0] ?? '')(`${app.url}/openapi.json`)).status).toBe(429);
    expect((await from(other)(`${app.url}/openapi.json`)).status).toBe(200);
  });

  it('cannot be forged unless a proxy is trusted', async () => {
    const direct = await start(LIMITED);
    const found: number[] = [];
    for (let i = 0; i <= ADDRESS_LIMIT; i += 1) {
      const address = `198.51.100.${String(i)}`;
      const headers = { forwarded: `for=${address}`, 'x-real-ip': address };
      found.push((await from(address)(`${direct.url}/docs`, { headers })).status);
    }
    expect(found).toEqual([...repeat(200, ADDRESS_LIMIT), 429]);
  });

  it('counts requests whose token cannot be verified', async () => {
    const keyless = await start({ ...LIMITED, ...jwksMode('http://127.0.0.1:9/jwks') });
    const headers = { authorization: `Bearer ${await (await createKey('k')).sign()}` };
    const used = await statuses(ADDRESS_LIMIT + 1, () =>
      send(`${keyless.url}/api/v1/tasks`, { headers }),
    );
    expect(used).toEqual([...repeat(503, ADDRESS_LIMIT), 429]);
  });
});

describe('free of limits', () => {
  afterEach(stopAll);

  it('are health checks', async () => {
    const { url } = await start(LIMITED);
    for (const path of ['/health/live', '/health/ready?verbose', '/health/live?x=/api/v1/']) {
      const found = await statuses(USER_LIMIT + 1, () => send(`${url}${path}`));
      expect(found).toEqual(repeat(200, USER_LIMIT + 1));
    }
  });

  it('are preflights, and a page of a trusted origin can read its 429', async () => {
    const origin = 'https://app.example.org';
    const { url } = await start({ ...LIMITED, TRUSTED_ORIGINS: origin });
    const preflight = { origin, 'access-control-request-method': 'GET' };
    const responses = await statuses(ADDRESS_LIMIT + 1, () =>
      send(`${url}/api/v1/tasks`, { method: 'OPTIONS', headers: preflight }),
    );
    expect(responses).toEqual(repeat(204, ADDRESS_LIMIT + 1));
    const request = () => send(`${url}/api/v1/tasks`, { headers: { origin } });
    expect(await statuses(ADDRESS_LIMIT, request)).toEqual(repeat(401, ADDRESS_LIMIT));
    const { status, headers } = await request();
    expect(status).toBe(429);
    expect(headers.get('access-control-allow-origin')).toBe(origin);
    expect(headers.get('access-control-expose-headers')).toMatch('Retry-After');
  });

  it('applies to every user with RATE_LIMIT=off', async () => {
    const { url } = await start({
      ...LIMITED,
      RATE_LIMIT: 'off',
      REDIS_URL: 'redis://127.0.0.1:9',
    });
    const ada = await mintUser(url, 'ada');
    expect(await statuses(20, () => ada.api('/tasks'))).toEqual(repeat(200, 20));
    expect(await statuses(20, () => send(`${url}/docs`))).toEqual(repeat(200, 20));
  });
});

describe("Better Auth's routes", () => {
  afterEach(stopAll);

  it('have limits of their own, and count against the address besides', async () => {
    const { url } = await start(LIMITED_IDENTITY);
    expect(await statuses(SIGN_INS, () => signIn(url))).toEqual(repeat(400, SIGN_INS));
    const refused = await signIn(url);
    expect(refused.status).toBe(429);
    expect(Number(refused.headers.get('retry-after'))).toBeLessThanOrEqual(10);
    expect(refused.body.code).toBeUndefined();
    const rest = await statuses(7, () => send(`${url}/api/auth/get-session`));
    expect(rest).toEqual([...repeat(200, 6), 429]);
    expect((await signIn(url)).body.code).toBe('rate_limited');
  });
});
