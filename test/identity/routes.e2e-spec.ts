import { beforeAll, describe, expect, it } from '@jest/globals';
import { Pool } from 'pg';
import { parseEnv } from '../../src/config/env.js';
import { createBetterAuth } from '../../src/identity/better-auth.js';
import { SERVED_ROUTES } from '../../src/identity/routes.js';
import { useApp } from '../support/app.js';
import { send, signUp, type TestUser } from '../support/client.js';
import { IDLE_PARTS } from '../support/identity.js';
import { expectProblem } from '../support/problem.js';
import { parseResponses, speak } from '../support/raw.js';

/** Routes of the library that no client of Taskward needs, or that would open something. */
const REFUSED = [
  'GET /account-info',
  'GET /callback/:id',
  'GET /delete-user/callback',
  'GET /error',
  'GET /list-accounts',
  'GET /ok',
  'POST /callback/:id',
  'POST /change-email',
  'POST /get-access-token',
  'POST /get-session',
  'POST /link-social',
  'POST /refresh-token',
  'POST /sign-in/social',
  'POST /unlink-account',
  'POST /update-session',
  'POST /verify-password',
];

const BASE = '/api/auth';
const offered = SERVED_ROUTES.flatMap(({ path, methods }) =>
  methods.map((method) => `${method} ${path}`),
);

const app = useApp();
let ada: TestUser;

beforeAll(async () => {
  ada = await signUp(app.url);
});

/** Sends a request as a signed-in user of our own pages. */
const request = (method: string, path: string, json?: unknown) =>
  send<Record<string, unknown>>(`${app.url}${BASE}${path}`, {
    method,
    ...(json !== undefined && { json }),
    headers: { origin: app.url, cookie: ada.cookie },
  });

describe('the routes of Better Auth', () => {
  it('are offered or refused, every one that the library has', async () => {
    const pool = new Pool();
    const env = parseEnv({ BETTER_AUTH_SECRET: 'Zk4v9sQ2mX7pL1rT8wYc3nB6hJ5gD0fA' });
    const endpoints: { path?: string; options: { method?: string | string[] } }[] = Object.values(
      createBetterAuth(env, { pool, ...IDLE_PARTS }).api,
    );
    const library = endpoints.flatMap(({ path, options }) =>
      path === undefined ? [] : [options.method ?? []].flat().map((method) => `${method} ${path}`),
    );
    await pool.end();
    expect(library.sort()).toEqual([...offered, ...REFUSED].sort());
  });

  it.each(REFUSED)(
    'that are refused are 404, or 405 where the other method is served: %s',
    async (route) => {
      const [method = '', path = ''] = route.split(' ');
      const response = await request(
        method,
        path.replace(':id', 'github'),
        method === 'POST' ? {} : undefined,
      );
      const isKnown = SERVED_ROUTES.some((each) => each.path === path);
      expect([response.status, response.body['code']]).toEqual(
        isKnown ? [405, 'method_not_allowed'] : [404, 'route_not_found'],
      );
    },
  );

  it.each([
    '/verify-password/',
    '//verify-password',
    '/./verify-password',
    '/x/../verify-password',
    '/%2e/verify-password',
    '/%76erify-password',
    '/sign-out/../verify-password',
    '/sign-out/%2e%2e/verify-password',
    '/reset-password/../verify-password',
    '/reset-password%2f..%2fverify-password',
    '/VERIFY-PASSWORD',
    '/verify-password;x',
    '/verify-password%00',
    '/verify-password#',
  ])('are reached by no other spelling: %s', async (path) => {
    // A client would resolve dots by itself.
    const body = '{"password":"correct horse battery"}';
    const response = await speak(
      app.url,
      [
        `POST ${BASE}${path} HTTP/1.1`,
        'Host: localhost',
        `Origin: ${app.url}`,
        `Cookie: ${ada.cookie}`,
        'Content-Type: application/json',
        `Content-Length: ${String(body.length)}`,
        'Connection: close',
        '',
        body,
      ].join('\r\n'),
    );
    expect(response).toMatch(/^HTTP\/1\.1 (400|404|405) /);
    expect(response).toContain('application/problem+json');
  });

  it('are 405 with another method, and say which they know', async () => {
    for (const { path, methods } of SERVED_ROUTES) {
      const url = `${BASE}${path.replace(':token', 'x')}`;
      for (const method of ['GET', 'POST', 'PUT', 'PATCH', 'DELETE']) {
        const known: readonly string[] = methods;
        if (known.includes(method)) continue;
        const response = await send(app.url + url, { method, headers: { origin: app.url } });
        expectProblem(response, 405, 'method_not_allowed', `${BASE}/*`);
        expect(response.headers.get('allow')?.split(', ')).toEqual(
          expect.arrayContaining([...methods]),
        );
      }
    }
  });

  it('respond to HEAD like to GET, without content', async () => {
    const gets = SERVED_ROUTES.filter(({ methods }) => methods.includes('GET'));
    expect(gets.length).toBeGreaterThan(4);
    for (const { path } of gets) {
      const url = path.replace(':token', 'x') + (path.includes('verify') ? '?token=x' : '');
      const [get, head] = [await request('GET', url), await request('HEAD', url)];
      expect([url, head.status]).toEqual([url, get.status]);
      expect(head.body).toBe('');
      for (const name of ['content-type', 'cache-control', 'location']) {
        expect([url, head.headers.get(name)]).toEqual([url, get.headers.get(name)]);
      }
    }
  });

  it.each(['/nope', '/', '', '/sign-in', '/sign-in/email/x', '/reset-password/a/b'])(
    'have a problem for an address that none has: %s',
    async (path) => {
      expectProblem(await send(app.url + BASE + path), 404, 'route_not_found', `${BASE}/*`);
    },
  );

  // As they stand on the wire: URL parsers take the dots away.
  it.each(['', '.', '..', '%2e%2E', '.%2e'])(
    'have a problem for a reset token "%s"',
    async (token) => {
      const path = `${BASE}/reset-password/${token}?callbackURL=/x`;
      const head = `GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`;
      const [response] = parseResponses(await speak(app.url, head));
      expect(response).toMatchObject({ status: 404, body: { code: 'route_not_found' } });
    },
  );
});

describe('POST /update-user', () => {
  const update = (json: unknown) => request('POST', '/update-user', json);
  const user = async () =>
    ((await request('GET', '/get-session')).body as { user: Record<string, unknown> }).user;

  it('changes the name and the picture, and nothing that was not sent', async () => {
    expect((await update({ name: '  Ada Lovelace ' })).status).toBe(200);
    expect(await user()).toMatchObject({ name: 'Ada Lovelace' });
    expect((await update({ image: 'https://example.com/ada.png' })).status).toBe(200);
    expect(await user()).toMatchObject({
      name: 'Ada Lovelace',
      image: 'https://example.com/ada.png',
    });
    expect((await update({ image: null })).status).toBe(200);
    expect(await user()).toMatchObject({ name: 'Ada Lovelace', image: null });
    expect((await update({ name: '🥛'.repeat(255) })).status).toBe(200);
  });

  it.each([
    { json: { name: '' }, pointer: '/name', code: 'too_short' },
    { json: { name: ' ' }, pointer: '/name', code: 'too_short' },
    { json: { name: 'x'.repeat(256) }, pointer: '/name', code: 'too_long' },
    { json: { name: 5 }, pointer: '/name', code: 'type' },
    { json: { image: 'http://example.com/a.png' }, pointer: '/image', code: 'https_url' },
    { json: { image: 'javascript:alert(1)' }, pointer: '/image', code: 'https_url' },
    { json: { image: 'data:image/png;base64,AA' }, pointer: '/image', code: 'https_url' },
    { json: { image: 5 }, pointer: '/image', code: 'https_url' },
    {
      json: { image: `https://example.com/${'x'.repeat(2_048)}` },
      pointer: '/image',
      code: 'too_long',
    },
    { json: { email: 'eve@example.com' }, pointer: '/email', code: 'unknown' },
    { json: { emailVerified: true }, pointer: '/emailVerified', code: 'unknown' },
    { json: { id: 'x', name: 'a' }, pointer: '/id', code: 'unknown' },
  ])('refuses $json at $pointer', async ({ json, pointer, code }) => {
    const before = await user();
    const { status, body } = await update(json);
    expect([status, body['errors']]).toEqual([422, [expect.objectContaining({ pointer, code })]]);
    expect(await user()).toEqual(before);
  });

  it.each([{ name: 'x'.repeat(256) }, { name: ' ' }, { image: 'http://example.com/a.png' }])(
    'has the rules of a sign-up: %j',
    async (fields) => {
      const { status } = await request('POST', '/sign-up/email', {
        name: 'Grace',
        email: 'grace@example.com',
        password: 'correct horse battery',
        ...fields,
      });
      expect(status).toBe(422);
    },
  );
});
