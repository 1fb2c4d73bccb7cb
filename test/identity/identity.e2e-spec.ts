import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { decodeJwt, decodeProtectedHeader, type JWK } from 'jose';
import { Pool } from 'pg';
import { getMigrations } from 'better-auth/db/migration';
import { parseEnv } from '../../src/config/env.js';
import { IDENTITY_ROLE, urlFor } from '../../src/database/connection.js';
import { createBetterAuth } from '../../src/identity/better-auth.js';
import { ensureSigningKey } from '../../src/identity/ensure-signing-key.js';
import { startApp, useApp } from '../support/app.js';
import { send, signUp, type TestUser } from '../support/client.js';
import { IDLE_PARTS } from '../support/identity.js';
import { createDatabase, withOwner } from '../support/database.js';

const SECRET = 'Zk4v9sQ2mX7pL1rT8wYc3nB6hJ5gD0fA';
const PASSWORD = 'correct horse battery';

/** No account is deleted by these. */

const app = useApp();
let ada: TestUser;

beforeAll(async () => {
  ada = await signUp(app.url);
});

const auth = <T = { message?: string }>(path: string, json?: unknown, headers = {}) =>
  send<T>(`${app.url}/api/auth${path}`, {
    method: json === undefined ? 'GET' : 'POST',
    headers: { origin: app.url, ...headers },
    ...(json !== undefined && { json }),
  });

const cookieOf = (headers: Headers) =>
  headers
    .getSetCookie()
    .map((line) => line.split(';')[0])
    .join('; ');

describe('an account', () => {
  it('has no account before the first sign-up', async () => {
    const url = await createDatabase();
    const { rows } = await withOwner(url, (client) =>
      client.query('select (select count(*) from auth."user") + count(*) as n from auth.account'),
    );
    expect(rows).toEqual([{ n: '0' }]);
  });

  it('is signed up once per address, in whatever case', async () => {
    for (const email of [ada.email, ada.email.toUpperCase()]) {
      const { status } = await auth('/sign-up/email', { name: 'eve', email, password: PASSWORD });
      expect(status).toBe(422);
    }
  });

  it.each([
    { name: 'a short password', change: { password: 'short' } },
    { name: 'a password of 129 characters', change: { password: 'x'.repeat(129) } },
    { name: 'no password', change: { password: undefined } },
    { name: 'an address that is none', change: { email: 'ada' } },
    { name: 'no address', change: { email: undefined } },
    { name: 'a name that is no text', change: { name: 1 } },
  ])('is not signed up with $name', async ({ change }) => {
    const good = { name: 'eve', email: `${randomUUID()}@example.com`, password: PASSWORD };
    const { status } = await auth('/sign-up/email', { ...good, ...change });
    expect([400, 422]).toContain(status);
  });

  it.each([
    { name: 'malformed JSON', body: '{', expected: 400 },
    { name: 'an empty body', body: '', expected: 400 },
    { name: 'a list', body: '[]', expected: 400 },
    { name: 'a number', body: '1', expected: 400 },
    { name: 'null', body: 'null', expected: 400 },
    {
      name: 'a member twice',
      body: `{"email":"a@example.com","email":"b@example.com"}`,
      expected: 400,
    },
    { name: 'bytes that are no UTF-8', body: new Uint8Array([0x22, 0xff, 0x22]), expected: 400 },
    {
      name: 'deep nesting',
      body: `{"a":${'['.repeat(10_000)}${']'.repeat(10_000)}}`,
      expected: 400,
    },
    { name: 'more than 32 KiB', body: `{"a":"${'x'.repeat(33_000)}"}`, expected: 413 },
    {
      name: 'NUL in a text',
      body: `{"name":"a\\u0000b","email":"nul@example.com","password":"${PASSWORD}"}`,
      expected: 422,
    },
    {
      name: 'half a pair',
      body: `{"name":"a\\ud800b","email":"half@example.com","password":"${PASSWORD}"}`,
      expected: 422,
    },
  ])('is not made by $name', async ({ body, expected }) => {
    const headers = { 'content-type': 'application/json', origin: app.url };
    const response = await fetch(`${app.url}/api/auth/sign-up/email`, {
      method: 'POST',
      headers,
      body,
    });
    expect(response.status).toBe(expected);
    expect(await response.json()).toEqual(expect.objectContaining({ code: expect.any(String) }));
  });

  it.each(['application/x-www-form-urlencoded', 'text/plain', 'multipart/form-data; boundary=x'])(
    'is not made, or entered, by what a form of another site can send: %s',
    async (type) => {
      for (const path of ['/sign-up/email', '/sign-in/email']) {
        const body = new URLSearchParams({ name: 'eve', email: ada.email, password: PASSWORD });
        const { status } = await fetch(`${app.url}/api/auth${path}`, {
          method: 'POST',
          headers: { 'content-type': type },
          body: body.toString(),
        });
        expect(status).toBe(415);
      }
    },
  );

  it('is signed in with its password only, and nothing reveals which part was wrong', async () => {
    const wrong = await auth('/sign-in/email', { email: ada.email, password: 'wrong password' });
    const unknown = await auth('/sign-in/email', { email: 'no@example.com', password: PASSWORD });
    expect([wrong.status, unknown.status]).toEqual([401, 401]);
    expect(unknown.body).toEqual(wrong.body);
    expect(wrong.headers.getSetCookie()).toEqual([]);

    const right = await auth('/sign-in/email', { email: ada.email, password: PASSWORD });
    expect(right.status).toBe(200);
    expect(right.headers.getSetCookie()[0]).toMatch(/HttpOnly.*SameSite=Lax/i);
  });

  it('keeps no password and no private key readable in the database', async () => {
    const rows = await withOwner(app.databaseUrl, async (client) => {
      const accounts = await client.query('select * from auth.account');
      const keys = await client.query('select * from auth.jwks');
      return JSON.stringify([accounts.rows, keys.rows]);
    });
    expect(rows).not.toContain(PASSWORD);
    expect(rows).not.toContain('\\"d\\":');
  });
});

describe('a session', () => {
  it('is known by its cookie, and by nothing after sign-out', async () => {
    const { headers } = await auth('/sign-in/email', { email: ada.email, password: PASSWORD });
    const cookie = cookieOf(headers);
    const before = await auth<{ user: { email: string } }>('/get-session', undefined, { cookie });
    expect(before.body.user.email).toBe(ada.email);

    expect((await auth('/sign-out', '', { cookie })).status).toBe(200);
    const after = await auth('/get-session', undefined, { cookie });
    expect([after.status, after.body]).toEqual([200, null]);
    expect((await auth('/token', undefined, { cookie })).status).toBe(401);
    // Another session of the same user is not touched.
    expect((await auth('/token', undefined, { cookie: ada.cookie })).status).toBe(200);
  });

  it('is not known by a cookie that was altered', async () => {
    const cookie = ada.cookie.replace(/session_token=./, 'session_token=~');
    expect((await auth('/token', undefined, { cookie })).status).toBe(401);
  });

  it('ends when its time is over', async () => {
    const grace = await signUp(app.url, 'grace');
    await withOwner(app.databaseUrl, (client) =>
      client.query(
        `update auth.session set "expiresAt" = now() - interval '1 s' where "userId" = $1`,
        [grace.id],
      ),
    );
    expect((await auth('/token', undefined, { cookie: grace.cookie })).status).toBe(401);
  });
});

describe('a token', () => {
  it('contains the user, the session and its name, for five minutes, and nothing else', async () => {
    const header = decodeProtectedHeader(ada.token);
    const payload = decodeJwt(ada.token);
    expect(header).toEqual({ alg: 'EdDSA', kid: expect.any(String) });
    const sessions = await withOwner(app.databaseUrl, (client) =>
      client.query<{ id: string }>('select id from auth.session where "userId" = $1', [ada.id]),
    );
    expect(sessions.rows.map(({ id }) => id)).toContain(payload['sid']);
    expect(payload).toEqual({
      sub: ada.id,
      sid: expect.any(String),
      session_name: 'node',
      iat: expect.any(Number),
      exp: (payload.iat ?? 0) + 300,
      iss: app.url.replace('127.0.0.1', 'localhost'),
      aud: 'taskward',
    });
  });

  it('names the issuer of the configuration, whatever Host a client sends', async () => {
    const headers = { cookie: ada.cookie, 'x-forwarded-host': 'evil.example' };
    const { body } = await auth<{ token: string }>('/token', undefined, headers);
    expect(decodeJwt(body.token).iss).toBe(decodeJwt(ada.token).iss);
  });

  it('is not issued without a session', async () => {
    const { status, body } = await auth('/token');
    expect(status).toBe(401);
    expect(body).not.toHaveProperty('token');
  });

  it('lives for AUTH_TOKEN_TTL, and has the configured issuer and audience', async () => {
    const other = await startApp({
      AUTH_TOKEN_TTL: '90s',
      AUTH_ISSUER: 'urn:issuer',
      AUTH_AUDIENCE: 'urn:audience',
    });
    try {
      const grace = await signUp(other.url, 'grace');
      const { iat = 0, exp, iss, aud } = decodeJwt(grace.token);
      expect([exp, iss, aud]).toEqual([iat + 90, 'urn:issuer', 'urn:audience']);
      expect((await grace.api('/tasks')).status).toBe(200);
    } finally {
      await other.close();
    }
  });
});

describe('the key set', () => {
  it('publishes one key, and no private part of it', async () => {
    const { body } = await auth<{ keys: JWK[] }>('/jwks');
    const { kid } = decodeProtectedHeader(ada.token);
    expect(body).toEqual({
      keys: [{ kid, alg: 'EdDSA', kty: 'OKP', crv: 'Ed25519', x: expect.any(String) }],
    });
  });

  it('is made once, however many instances find none at the same time', async () => {
    const databaseUrl = await createDatabase();
    const url = urlFor(databaseUrl, IDENTITY_ROLE, 'auth');
    const pools = Array.from({ length: 8 }, () => new Pool({ connectionString: url }));
    const env = parseEnv({ BETTER_AUTH_SECRET: SECRET });
    const instances = pools.map((pool) => ({
      pool,
      auth: createBetterAuth(env, { pool, ...IDLE_PARTS }),
    }));
    // All are connected and ready: the race is for the key alone.
    await Promise.all(
      instances.map(({ pool, auth }) => [pool.query('select 1'), auth.$context]).flat(),
    );
    await Promise.all(instances.map(({ auth }) => ensureSigningKey(auth, url, env.databaseLimits)));
    await Promise.all(pools.map((pool) => pool.end()));
    const keys = await withOwner(databaseUrl, (client) => client.query('select from auth.jwks'));
    expect(keys.rowCount).toBe(1);
  });

  it('is made once by several apps that start at the same time, and serves all', async () => {
    const DATABASE_URL = await createDatabase();
    const apps = await Promise.all([1, 2, 3].map(() => startApp({ DATABASE_URL })));
    try {
      const keys = await withOwner(DATABASE_URL, (client) => client.query('select from auth.jwks'));
      expect(keys.rowCount).toBe(1);
      const sets = apps.map(async ({ url }) => (await send(`${url}/api/auth/jwks`)).body);
      const [first, ...others] = await Promise.all(sets);
      for (const set of others) expect(set).toEqual(first);
    } finally {
      await Promise.all(apps.map((each) => each.close()));
    }
  });
});

describe("Better Auth's tables", () => {
  it('are exactly those that it would create', async () => {
    const connectionString = urlFor(app.databaseUrl, IDENTITY_ROLE, 'auth');
    const pool = new Pool({ connectionString });
    try {
      const env = parseEnv({ BETTER_AUTH_SECRET: SECRET });
      const { toBeCreated, toBeAdded } = await getMigrations(
        createBetterAuth(env, { pool, ...IDLE_PARTS }).options,
      );
      expect({ toBeCreated, toBeAdded }).toEqual({ toBeCreated: [], toBeAdded: [] });
    } finally {
      await pool.end();
    }
  });
});
