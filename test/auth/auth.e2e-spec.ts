import { beforeAll, describe, expect, it } from '@jest/globals';
import type { FastifyInstance } from 'fastify';
import {
  decodeJwt,
  decodeProtectedHeader,
  exportJWK,
  generateKeyPair,
  type JWK,
  SignJWT,
} from 'jose';
import { useApp } from '../support/app.js';
import { send, signUp, type TestUser } from '../support/client.js';
import { createKey, sign } from '../support/tokens.js';

const MISSING = 'Bearer realm="taskward"';
const INVALID = /^Bearer realm="taskward", error="invalid_token", error_description="[^"]+"$/;

const app = useApp();
let ada: TestUser;

beforeAll(async () => {
  ada = await signUp(app.url);
});

const withHeaders = (headers: Record<string, string>) =>
  send(`${app.url}/api/v1/tasks`, { headers });
const withToken = (token: string) => withHeaders({ authorization: `Bearer ${token}` });

const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
const decode = (part = '') => JSON.parse(Buffer.from(part, 'base64url').toString()) as object;

/** Another character at some place of one of the three parts. */
function flip(token: string, part: 0 | 1 | 2, at: number): string {
  const parts = token.split('.');
  const text = parts[part] ?? '';
  const index = (at + text.length) % text.length;
  parts[part] = text.slice(0, index) + (text[index] === 'A' ? 'B' : 'A') + text.slice(index + 1);
  return parts.join('.');
}

/** Another spelling of the very same bytes: 64 of them leave four bits of the last character. */
function withSpareBits(token: string): string {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
  const last = alphabet.indexOf(token.at(-1) ?? '');
  return token.slice(0, -1) + (alphabet[last ^ 1] ?? '');
}

describe('a request without a bearer token', () => {
  it.each([
    { name: 'no header', headers: () => ({}) },
    { name: 'an empty header', headers: () => ({ authorization: '' }) },
    { name: 'the scheme alone', headers: () => ({ authorization: 'Bearer' }) },
    { name: 'the token alone', headers: () => ({ authorization: ada.token }) },
    { name: 'another scheme', headers: () => ({ authorization: `Basic ${btoa('ada:secret')}` }) },
    {
      name: 'the token in another scheme',
      headers: () => ({ authorization: `Token ${ada.token}` }),
    },
    { name: 'a session cookie', headers: () => ({ cookie: ada.cookie }) },
    { name: 'the token in another header', headers: () => ({ 'x-access-token': ada.token }) },
  ])('is refused without an error code: $name', async ({ headers }) => {
    const { status, headers: responseHeaders, body } = await withHeaders(headers());
    expect(status).toBe(401);
    expect(responseHeaders.get('www-authenticate')).toBe(MISSING);
    expect(body).toMatchObject({ status: 401, code: 'missing_token' });
  });

  it.each(['?access_token=', '?token=', '?auth_token='])(
    'has none in the query: %s',
    async (query) => {
      const { status, body } = await send(`${app.url}/api/v1/tasks${query}${ada.token}`);
      expect([status, body.code]).toEqual([401, 'missing_token']);
    },
  );

  it('is refused before its body is looked at', async () => {
    for (const json of ['{', '{"title":1}', '"x"']) {
      const { status } = await send(`${app.url}/api/v1/tasks`, { method: 'POST', json });
      expect(status).toBe(401);
    }
    const { status } = await send(`${app.url}/api/v1/tasks/not-a-uuid?nonsense=1`);
    expect(status).toBe(401);
  });
});

describe('a bearer token', () => {
  it.each(['Bearer', 'bearer', 'BEARER'])('is taken in the scheme %s', async (scheme) => {
    expect((await withHeaders({ authorization: `${scheme} ${ada.token}` })).status).toBe(200);
  });

  it.each<{ name: string; tamper: (token: string) => string | Promise<string> }>([
    { name: 'the first character of its signature changed', tamper: (token) => flip(token, 2, 0) },
    { name: 'the middle of its signature changed', tamper: (token) => flip(token, 2, 40) },
    { name: 'no signature', tamper: (token) => token.replace(/[^.]+$/, '') },
    { name: 'its payload changed', tamper: (token) => flip(token, 1, 10) },
    { name: 'its header changed', tamper: (token) => flip(token, 0, 5) },
    { name: 'the spare bits of its last character changed', tamper: withSpareBits },
    { name: 'two parts', tamper: (token) => token.split('.').slice(0, 2).join('.') },
    { name: 'four parts', tamper: (token) => `${token}.x` },
    { name: 'five parts', tamper: (token) => `${token}.x.y` },
    { name: 'garbage', tamper: () => 'garbage' },
    { name: 'dots', tamper: () => '..' },
    { name: 'JSON that is no object', tamper: () => [encode(null), encode([]), 'AA'].join('.') },
    { name: 'too many bytes', tamper: (token) => token + 'A'.repeat(8 * 1024) },
  ])('is refused with $name', async ({ tamper }) => {
    const { status, headers, body } = await withToken(await tamper(ada.token));
    expect([status, body.code]).toEqual([401, 'invalid_token']);
    expect(headers.get('www-authenticate')).toMatch(INVALID);
    expect(headers.get('content-type')).toContain('application/problem+json');
  });

  it('is rejected with the subject of another user under the old signature', async () => {
    const grace = await signUp(app.url, 'grace');
    const [header, payload, signature] = ada.token.split('.');
    const forged = [header, encode({ ...decode(payload), sub: grace.id }), signature].join('.');
    expect((await withToken(forged)).body.code).toBe('invalid_token');
  });

  it.each(['none', 'None', 'NONE'])('is refused unsigned, with alg %s', async (alg) => {
    const [, payload] = ada.token.split('.');
    for (const signature of ['', ada.token.split('.')[2]]) {
      const { status, body } = await withToken(
        `${encode({ alg, typ: 'JWT' })}.${payload}.${signature}`,
      );
      expect([status, body.code]).toEqual([401, 'invalid_token']);
    }
  });

  it('is refused signed HS256 with what is public, or with BETTER_AUTH_SECRET itself', async () => {
    const { body } = await send<{ keys: JWK[] }>(`${app.url}/api/auth/jwks`);
    const key = body.keys[0];
    const secrets = [
      Buffer.from(key?.x ?? '', 'base64url'),
      Buffer.from(key?.x ?? ''),
      Buffer.from(JSON.stringify(key)),
      Buffer.from('Zk4v9sQ2mX7pL1rT8wYc3nB6hJ5gD0fA'),
    ];
    const { kid = '' } = decodeProtectedHeader(ada.token);
    for (const secret of secrets) {
      const token = await sign(
        new Uint8Array(secret),
        { alg: 'HS256', kid },
        { ...decodeJwt(ada.token) },
      );
      expect((await withToken(token)).body.code).toBe('invalid_token');
    }
  });

  it.each([
    { name: 'under the kid of the real key', kidOf: () => decodeProtectedHeader(ada.token).kid },
    { name: 'under a kid of its own', kidOf: () => 'unknown' },
    { name: 'under no kid', kidOf: () => undefined },
  ])('is refused signed with another key, $name', async ({ kidOf }) => {
    const kid = kidOf();
    const other = await createKey('other');
    const token = await other.sign({ ...decodeJwt(ada.token) }, { kid: kid ?? '' });
    const unnamed = await generateKeyPair('EdDSA');
    const withoutKid = new SignJWT({ ...decodeJwt(ada.token) }).setProtectedHeader({
      alg: 'EdDSA',
    });
    const sent = kid === undefined ? await withoutKid.sign(unnamed.privateKey) : token;
    expect((await withToken(sent)).body.code).toBe('invalid_token');
  });

  it('is refused when it brings its own key', async () => {
    const { privateKey, publicKey } = await generateKeyPair('EdDSA', { extractable: true });
    const payload = { ...decodeJwt(ada.token) };
    const jwk = await exportJWK(publicKey);
    for (const header of [
      { jwk },
      { jku: 'http://127.0.0.1:9/jwks' },
      { x5u: 'http://127.0.0.1:9' },
    ]) {
      const token = await new SignJWT(payload)
        .setProtectedHeader({ alg: 'EdDSA', ...header })
        .sign(privateKey);
      expect((await withToken(token)).body.code).toBe('invalid_token');
    }
  });

  it('is not the token of the session', async () => {
    const session = /session_token=([^;]+)/.exec(ada.cookie)?.[1] ?? '';
    expect((await withToken(decodeURIComponent(session))).body.code).toBe('invalid_token');
  });
});

describe('every route', () => {
  /** Public routes; all others must be closed. */
  const PUBLIC = [
    /^\/$/,
    /^\/docs(\/|$)/,
    /^\/openapi\.json$/,
    /^\/llms\.txt$/,
    /^\/health\/(live|ready)$/,
    // For this machine alone: test/metrics.
    /^\/metrics$/,
    /^\/\.well-known\/oauth-protected-resource$/,
    // Calendars, which their secret opens: test/feeds.
    /^\/feeds\/:secret\.ics$/,
    // Better Auth's, which a cookie opens: test/identity-routes lists them.
    /^\/api\/auth\/[\w/:-]+$/,
  ];

  interface Route {
    readonly method: string;
    readonly path: string;
    /** Further constraints of the route, as JSON. */
    readonly constraints: string | undefined;
  }

  /**
   * Returns the routes known to Fastify's router, parsed from the tree that it prints: four columns
   * per level.
   */
  function routes(): Route[] {
    const fastify: FastifyInstance = app.nest.getHttpAdapter().getInstance();
    const path: string[] = [];
    return fastify
      .printRoutes()
      .split('\n')
      .flatMap((line) => {
        const [, indent = '', segment = '', methods = '', constraints] =
          /^([\s│├└─]+)(\S+)(?: \(([A-Z, ]+)\)(?: (\{.*\}))?)?$/.exec(line) ?? [];
        path.splice(indent.length / 4 - 1, Infinity, segment);
        const names = methods.split(', ').filter(Boolean);
        return names.map((method) => ({ method, path: path.join(''), constraints }));
      });
  }

  it('is closed without a token, unless it is listed here as public', async () => {
    const closed = routes().filter(({ path }) => !PUBLIC.some((pattern) => pattern.test(path)));
    expect(closed.length).toBeGreaterThanOrEqual(8);
    const keyed = closed.filter(({ constraints }) => constraints !== undefined);
    expect(keyed.map(({ path, constraints }) => [path, constraints])).toContainEqual([
      '/api/v1/tasks',
      '{"idempotencyKey":"sent"}',
    ]);
    const publicUrl = app.url.replace('127.0.0.1', 'localhost');
    for (const { method, path, constraints } of closed) {
      const url = app.url + path.replace(/:\w+/g, '0199aaaa-0000-7000-8000-000000000000');
      const sent = constraints === undefined ? {} : { 'idempotency-key': 'a-key' };
      const { status, headers } = await send(url, { method, headers: sent });
      const metadata = `, resource_metadata="${publicUrl}/.well-known/oauth-protected-resource"`;
      const challenge = path === '/mcp' ? MISSING + metadata : MISSING;
      expect([method, path, status, headers.get('www-authenticate')]).toEqual([
        method,
        path,
        401,
        challenge,
      ]);
    }
  });

  it('under /api/v1 stays closed however its path is written', async () => {
    const { body } = await send<{ paths: Record<string, object> }>(`${app.url}/openapi.json`);
    const operations = Object.entries(body.paths)
      .filter(([path]) => path.startsWith('/api/v1'))
      .flatMap(([path, methods]) => Object.keys(methods).map((method) => ({ path, method })));
    expect(operations.length).toBeGreaterThanOrEqual(6);
    for (const { path, method } of operations) {
      const plain = path.replace(/\{\w+\}/g, '0199aaaa-0000-7000-8000-000000000000');
      const ways = [
        plain,
        `${plain}?public=true`,
        plain.replace('/api', '/%61pi'),
        plain.replace('tasks', 't%61sks'),
      ];
      for (const way of ways) {
        const { status } = await send(app.url + way, { method: method.toUpperCase() });
        expect([method, way, status]).toEqual([method, way, 401]);
      }
    }
  });
});
