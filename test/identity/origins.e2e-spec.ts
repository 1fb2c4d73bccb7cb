import { request } from 'node:http';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { startApp, useApp } from '../support/app.js';
import { send, signUp, type TestUser } from '../support/client.js';

const FRIEND = 'https://app.example.org';
const STRANGER = 'https://evil.example';

const app = useApp({ TRUSTED_ORIGINS: `${FRIEND}, https://other.example.org` });
let ada: TestUser;

beforeAll(async () => {
  ada = await signUp(app.url);
});

const port = () => new URL(app.url).port;

/** Sends just these headers: `fetch` would add some of its own. */
async function post(path: string, headers: Record<string, string>, body: string): Promise<number> {
  const sent = request({ port: port(), method: 'POST', path: `/api/auth${path}`, headers }).end(
    body,
  );
  const [response] = (await once(sent, 'response')) as [
    NodeJS.ReadableStream & { statusCode: number },
  ];
  await text(response);
  return response.statusCode;
}

describe('a POST with a session cookie', () => {
  const signOut = async (headers: Record<string, string>) => {
    const { cookie } = await signUp(app.url, 'grace');
    const url = `${app.url}/api/auth/sign-out`;
    return send(url, { method: 'POST', json: {}, headers: { cookie, ...headers } });
  };

  it.each<{ name: string; headers: () => Record<string, string> }>([
    { name: 'another origin', headers: () => ({ origin: STRANGER }) },
    { name: 'an opaque origin', headers: () => ({ origin: 'null' }) },
    {
      name: 'a host that begins like ours',
      headers: () => ({ origin: `${app.url}.evil.example` }),
    },
    { name: 'a trusted host on another port', headers: () => ({ origin: `${FRIEND}:8443` }) },
    {
      name: 'a trusted host without TLS',
      headers: () => ({ origin: FRIEND.replace('https', 'http') }),
    },
    {
      name: 'a subdomain of a trusted one',
      headers: () => ({ origin: FRIEND.replace('app.', 'x.app.') }),
    },
    { name: 'another referrer', headers: () => ({ referer: `${STRANGER}/page` }) },
    {
      name: 'another origin, and a Host to match',
      headers: () => ({
        origin: STRANGER,
        'x-forwarded-host': 'evil.example',
        forwarded: 'host=evil.example',
      }),
    },
  ])('is refused from $name', async ({ headers }) => {
    expect((await signOut(headers())).status).toBe(403);
  });

  it.each<{ name: string; origin: () => string }>([
    { name: 'our own origin', origin: () => `http://localhost:${port()}` },
    {
      name: 'the other name of this machine, in development',
      origin: () => `http://127.0.0.1:${port()}`,
    },
    { name: 'a trusted origin', origin: () => FRIEND },
    { name: 'another trusted origin', origin: () => 'https://other.example.org' },
  ])('is taken from $name', async ({ origin }) => {
    expect((await signOut({ origin: origin() })).status).toBe(200);
  });

  it('is taken, and decided by the contract’s rule, whatever combination of headers a client sends', async () => {
    const { cookie } = await signUp(app.url, 'grace');
    const ours = `http://localhost:${port()}`;
    const trusted = [ours, FRIEND];
    const bodies = [
      { type: 'application/json', body: '{}' },
      { type: undefined, body: '' },
      { type: 'application/x-www-form-urlencoded', body: 'a=b' },
      { type: 'text/plain', body: '{}' },
      { type: 'multipart/form-data; boundary=x', body: '--x--' },
    ];
    const unexpected: unknown[] = [];
    for (const origin of [undefined, ours, FRIEND, STRANGER, 'null', 'garbage', `${ours}/`]) {
      for (const referer of [
        undefined,
        `${ours}/page`,
        `${FRIEND}/?a=b`,
        `${STRANGER}/`,
        'garbage',
      ]) {
        for (const site of [undefined, 'same-origin', 'same-site', 'cross-site', 'none']) {
          for (const { type, body } of bodies) {
            for (const sent of [cookie, undefined]) {
              const from = origin ?? referer?.replace(/(?<=[^/])\/[^/].*|\/$/, '');
              const isServed = from === undefined ? site === undefined : trusted.includes(from);
              const isRead = type === undefined || type === 'application/json';
              const expected = isRead ? (sent ? (isServed ? 200 : 403) : 401) : 415;
              const headers = Object.entries({
                origin,
                referer,
                'sec-fetch-site': site,
                'sec-fetch-mode': 'cors',
                'content-type': type,
                cookie: sent,
              }).filter((entry): entry is [string, string] => entry[1] !== undefined);
              const status = await post(
                '/revoke-other-sessions',
                Object.fromEntries(headers),
                body,
              );
              if (status !== expected) unexpected.push({ headers, status, expected });
            }
          }
        }
      }
    }
    expect(unexpected).toEqual([]);
  });

  it('is served to a client that keeps cookies and is no browser, as curl and fetch of Node are', async () => {
    const { cookie } = await signUp(app.url, 'grace');
    const { status } = await fetch(`${app.url}/api/auth/sign-out`, {
      method: 'POST',
      headers: { cookie, 'content-type': 'application/json' },
      body: '{}',
    });
    expect(status).toBe(200);
  });

  it('of a sign-in needs no Origin of a client that is no browser', async () => {
    const response = await fetch(`${app.url}/api/auth/sign-in/email`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ email: ada.email, password: 'correct horse battery' }),
    });
    expect(response.status).toBe(200);
  });

  it('is judged by our address, not by the host that the request line names', async () => {
    const { cookie } = await signUp(app.url, 'grace');
    const sent = request({
      port: port(),
      method: 'POST',
      path: `${STRANGER}/api/auth/sign-out`,
      headers: { cookie, origin: STRANGER, host: 'evil.example' },
    }).end();
    const [response] = (await once(sent, 'response')) as [
      NodeJS.ReadableStream & { statusCode: number },
    ];
    await text(response);
    expect(response.statusCode).toBe(403);
  });
});

describe('a page of another origin', () => {
  const preflight = (origin: string, path = '/api/v1/tasks') =>
    send(app.url + path, {
      method: 'OPTIONS',
      headers: {
        origin,
        'access-control-request-method': 'PATCH',
        'access-control-request-headers': 'authorization, content-type, if-match',
      },
    });

  it('may call the API and Better Auth when it is trusted', async () => {
    for (const path of ['/api/v1/tasks', '/api/auth/token']) {
      const { status, headers } = await preflight(FRIEND, path);
      expect([path, status]).toEqual([path, 204]);
      expect(headers.get('access-control-allow-origin')).toBe(FRIEND);
      expect(headers.get('access-control-allow-credentials')).toBe('true');
      expect(headers.get('access-control-allow-methods')).toContain('PATCH');
      expect(headers.get('access-control-allow-headers')).toContain('if-match');
    }
    const { headers } = await ada.api('/tasks', { headers: { origin: FRIEND } });
    expect(headers.get('access-control-allow-origin')).toBe(FRIEND);
    expect(headers.get('access-control-expose-headers')?.split(/, ?/)).toEqual([
      'ETag',
      'Idempotency-Replayed',
      'Link',
      'Location',
      'Retry-After',
      'WWW-Authenticate',
      'X-Request-Id',
    ]);
    expect(headers.get('vary')).toMatch(/origin/i);
  });

  it('can read the errors, too, when it is trusted', async () => {
    const { status, headers } = await send(`${app.url}/api/v1/tasks`, {
      headers: { origin: FRIEND },
    });
    expect([status, headers.get('access-control-allow-origin')]).toEqual([401, FRIEND]);
  });

  it.each([STRANGER, 'null', `${FRIEND}.evil.example`])('may not otherwise: %s', async (origin) => {
    const responses = [await preflight(origin), await ada.api('/tasks', { headers: { origin } })];
    for (const { headers } of responses) {
      expect([null, FRIEND]).toContain(headers.get('access-control-allow-origin'));
      expect(headers.get('access-control-allow-origin')).not.toBe(origin);
    }
  });
});

describe('without TRUSTED_ORIGINS', () => {
  it('no page of another origin may call', async () => {
    const other = await startApp();
    try {
      const { headers } = await send(`${other.url}/api/v1/tasks`, { headers: { origin: FRIEND } });
      expect(headers.get('access-control-allow-origin')).toBeNull();
    } finally {
      await other.close();
    }
  });
});

describe('attempts', () => {
  const ROUTES: Record<string, [json: object, status: number]> = {
    '/sign-in/email': [{ email: 'ada@example.com', password: 'a wrong guess' }, 401],
    '/sign-up/email': [{ name: 'ada', email: 'ada@example.com', password: 'short' }, 400],
    '/request-password-reset': [{ email: 'ada@example.com' }, 200],
    '/send-verification-email': [{ email: 'ada@example.com' }, 200],
    '/change-password': [{}, 400],
  };
  const attempt = (url: string, path: string, headers: Record<string, string> = {}) =>
    send(`${url}/api/auth${path}`, {
      method: 'POST',
      json: ROUTES[path]?.[0],
      headers: { origin: url, ...headers },
    });
  /** Headers that name an address, another each time. */
  const FORGED = [
    'x-forwarded-for',
    'x-taskward-client-address',
    'x-real-ip',
    'forwarded',
    'x-client-ip',
    'cf-connecting-ip',
    'true-client-ip',
  ];
  const forged = (i: number) => {
    const address = `192.0.2.${String(i)}`;
    const entries = FORGED.map((name) => [name, name === 'forwarded' ? `for=${address}` : address]);
    return Object.fromEntries(entries) as Record<string, string>;
  };
  const rows = Object.entries(ROUTES).map(([path, [, status]]) => [path, status] as const);

  it.each(rows)(
    'at %s are limited for each address, whatever headers say',
    async (path, status) => {
      const limited = await startApp({ RATE_LIMIT: 'on' });
      try {
        const found: number[] = [];
        for (let i = 0; i < 5; i += 1) {
          found.push((await attempt(limited.url, path, i % 2 ? {} : forged(i))).status);
        }
        expect(found).toEqual([status, status, status, 429, 429]);
        const { headers } = await attempt(limited.url, path);
        expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
      } finally {
        await limited.close();
      }
    },
  );

  it.each(FORGED)('are not distinguished by %s alone', async (name) => {
    const limited = await startApp({ RATE_LIMIT: 'on' });
    try {
      const found: number[] = [];
      for (let i = 0; i < 4; i += 1) {
        const headers = { [name]: forged(i)[name] ?? '' };
        found.push((await attempt(limited.url, '/sign-in/email', headers)).status);
      }
      expect(found).toEqual([401, 401, 401, 429]);
    } finally {
      await limited.close();
    }
  });

  it('are counted by the address that a trusted proxy names', async () => {
    const limited = await startApp({ RATE_LIMIT: 'on', TRUST_PROXY: 'loopback' });
    try {
      const from = async (address: string) =>
        (await attempt(limited.url, '/sign-in/email', { 'x-forwarded-for': address })).status;
      const statuses: number[] = [];
      for (let i = 0; i < 4; i += 1) statuses.push(await from('192.0.2.1'));
      // Entries that the client itself put before the proxy's are ignored.
      statuses.push(await from('198.51.100.7, 192.0.2.1'), await from('192.0.2.2'));
      expect(statuses).toEqual([401, 401, 401, 429, 429, 401]);
    } finally {
      await limited.close();
    }
  });
});
