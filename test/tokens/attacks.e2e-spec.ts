import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { createPersonalToken, isWellFormed } from '../../src/issuer/personal-token.js';
import type { CreatedTokenDto, TokensDto } from '../../src/tokens/token.dto.js';
import { API_ROLE, urlFor } from '../../src/database/connection.js';
import { createDocument } from '../../src/app.docs.js';
import { operationsOf } from '../../src/openapi/operations.js';
import { send, type TestUser } from '../support/client.js';
import { useOwner, withOwner } from '../support/database.js';
import { createToken, tokenBody, withToken } from '../support/personal-tokens.js';
import { expectProblem } from '../support/problem.js';
import { useProxiedApp } from '../support/proxied-app.js';
import { speak } from '../support/raw.js';
import { mintUser, SECRET_MODE } from '../support/tokens.js';

const app = useProxiedApp(SECRET_MODE);
const owner = useOwner(() => app);
let ada: TestUser;
let eve: TestUser;
let adas: CreatedTokenDto;

beforeEach(async () => {
  [ada, eve] = [await mintUser(app.url, randomUUID()), await mintUser(app.url, randomUUID())];
  adas = await createToken(ada, { name: 'Private' });
});

/** Sends what claims to be a token; returns status, code, and the round trips to the database. */
async function tryToken(token: string) {
  app.proxy.messages.length = 0;
  const response = await withToken(app.url, ada, token).api('/me');
  return { response, roundTrips: [...app.proxy.roundTrips] };
}

describe('a token that was never made is refused', () => {
  const wrongChecksum = (token: string) => {
    const last = token.at(-1) === '0' ? '1' : '0';
    return `${token.slice(0, -1)}${last}`;
  };

  it.each<{ name: string; forge: (token: string) => string }>([
    { name: 'with a wrong checksum', forge: wrongChecksum },
    { name: 'without its checksum', forge: (token) => token.slice(0, -6) },
    { name: 'truncated', forge: (token) => token.slice(0, -1) },
    { name: 'as its prefix alone', forge: () => 'tw_pat_' },
    { name: 'with more behind it', forge: (token) => `${token}0` },
    { name: 'in another case', forge: (token) => `tw_pat_${token.slice(7).toLowerCase()}0` },
    {
      name: 'as its hash in hex',
      forge: (token) => `tw_pat_${createHash('sha256').update(token).digest('hex')}`,
    },
    { name: 'as SQL', forge: () => 'tw_pat_--/*+or+1=1' },
    { name: 'as 8 KiB', forge: () => `tw_pat_${'a'.repeat(8_185)}` },
    { name: 'as more than 8 KiB', forge: () => `tw_pat_${'a'.repeat(9_000)}` },
  ])('without a query: $name', async ({ forge }) => {
    const forged = forge(adas.token);
    const { response, roundTrips } = await tryToken(forged);
    expectProblem(response, 401, 'invalid_token', '/api/v1/me');
    expect(roundTrips).toEqual([]);
    expect(JSON.stringify(response.body)).not.toContain(forged);
  });

  it('by one query, with a good checksum, however much of it is that of a real one', async () => {
    for (let n = 0; n < 3; n += 1) {
      const made = createPersonalToken();
      const { response, roundTrips } = await tryToken(made);
      expectProblem(response, 401, 'invalid_token', '/api/v1/me');
      expect(roundTrips).toEqual(['S']);
    }
  });

  it('with the same response whether it never existed or was revoked', async () => {
    await ada.api(`/tokens/${adas.id}`, { method: 'DELETE' });
    const responses = [adas.token, createPersonalToken()].map(tryToken);
    const [revoked, unknown] = (await Promise.all(responses)).map(({ response }) => ({
      status: response.status,
      body: Object.fromEntries(
        Object.entries(response.body).filter(([name]) => name !== 'requestId'),
      ),
      challenge: response.headers.get('www-authenticate'),
    }));
    expect(revoked).toEqual(unknown);
  });

  it('is known by its cache alone: the second request has no query', async () => {
    expect((await tryToken(adas.token)).roundTrips).toEqual(['S', 'S']);
    const { response, roundTrips } = await tryToken(adas.token);
    expect([response.status, roundTrips]).toEqual([200, []]);
  });

  it.each([
    `Bearer ' or '1'='1`,
    `Bearer tw_pat_'; drop table personal_token; --`,
    'Bearer tw_pat_\u00e9',
    `Basic ${Buffer.from(`x:${createPersonalToken()}`).toString('base64')}`,
    `Token ${createPersonalToken()}`,
    createPersonalToken(),
    `Bearer ${createPersonalToken()}, ${createPersonalToken()}`,
    `Bearer ${createPersonalToken()} ${createPersonalToken()}`,
  ])('in another spelling of the header: %j', async (authorization) => {
    const answer = await speak(
      app.url,
      `GET /api/v1/me HTTP/1.1\r\nHost: a\r\nConnection: close\r\nAuthorization: ${authorization}\r\n\r\n`,
    );
    expect(answer).toMatch(/^HTTP\/1\.1 401 /);
  });
});

describe('a token is not taken from', () => {
  const anonymous = (path: string, init: RequestInit = {}) => fetch(`${app.url}${path}`, init);

  it.each(['token', 'access_token', 'authorization'])('the query: %s', async (name) => {
    expect((await anonymous(`/api/v1/me?${name}=${adas.token}`)).status).toBe(401);
  });

  it('the body, a cookie or another header', async () => {
    const { token } = adas;
    const requests: RequestInit[] = [
      {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ access_token: token, title: 'x' }),
      },
      {
        method: 'POST',
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        body: `access_token=${token}`,
      },
      { headers: { cookie: `token=${token}` } },
      { headers: { 'x-api-key': token, 'proxy-authorization': `Bearer ${token}` } },
    ];
    for (const request of requests) {
      expect((await anonymous('/api/v1/tasks', request)).status).toBe(401);
    }
  });
});

describe("another user's tokens", () => {
  it('are not listed', async () => {
    await createToken(eve, { name: 'Of eve' });
    const { body } = await eve.api<TokensDto>('/tokens');
    expect(body.data.map(({ name }) => name)).toEqual(['Of eve']);
  });

  it('are not revoked, and look as if they were not there', async () => {
    const responses = [];
    for (const id of [adas.id, randomUUID()]) {
      const response = await eve.api(`/tokens/${id}`, { method: 'DELETE' });
      expectProblem(response, 404, 'token_not_found', `/api/v1/tokens/${id}`);
      responses.push([
        response.body.title,
        response.body.detail,
        response.headers.get('content-length'),
      ]);
    }
    expect(responses[0]).toEqual(responses[1]);
    expect((await withToken(app.url, ada, adas.token).api('/me')).status).toBe(200);
  });

  it('do not count towards the limit of 50', async () => {
    for (let n = 0; n < 49; n += 1) await createToken(ada);
    await createToken(eve);
    expect((await eve.api<TokensDto>('/tokens')).body.data).toHaveLength(1);
  });

  it('stay out of reach of SQL by the API’s role that names another owner, or none', async () => {
    const asApi = (sql: string) =>
      withOwner(urlFor(app.databaseUrl, API_ROLE), async (client) => {
        try {
          return (await client.query(sql)).rowCount;
        } catch (error) {
          return (error as { code: string }).code;
        }
      });
    const as = (id: string, sql: string) => asApi(`set app.user_id = '${id}'; ${sql}`);
    expect(await asApi('select * from personal_token')).toBe(0);
    expect(await asApi('delete from personal_token')).toBe(0);
    await as(eve.id, 'delete from personal_token');
    expect(await as(eve.id, `update personal_token set owner_id = '${eve.id}'`)).toBe('42501');
    const stolen = `insert into personal_token (hash, owner_id, id, name, scopes)
      values (sha256('x'), '${ada.id}', gen_random_uuid(), 'x', '{tasks:write}')`;
    expect(await as(eve.id, stolen)).toBe('42501');
    const [row] = await owner('select count(*)::int as count from personal_token where id = $1', [
      adas.id,
    ]);
    expect(row).toEqual({ count: 1 });
  });

  it('are found by the function for lookups with owner, scopes and end alone', async () => {
    const [row] = await owner('select * from find_personal_token(sha256($1::bytea))', [adas.token]);
    expect(row).toEqual({
      owner_id: ada.id,
      scopes: ['tasks:read', 'tasks:write'],
      expires_at: null,
    });
  });
});

describe('a personal token opens nothing', () => {
  const closed = () =>
    operationsOf(createDocument(app.nest, { AUTH_MODE: 'secret', origin: app.url })).filter(
      ([path]) => /^\/api\/v1\/(tokens|feeds)\b/.test(path),
    );

  it('under /tokens, whatever its scopes', async () => {
    const scripts = [
      withToken(app.url, ada, adas.token),
      withToken(app.url, ada, (await createToken(ada, { scopes: ['tasks:read'] })).token),
    ];
    expect(closed().length).toBeGreaterThanOrEqual(3);
    for (const script of scripts) {
      for (const [path, , verb] of closed()) {
        const at = path.replace('{id}', adas.id).slice('/api/v1'.length);
        const methods = verb === 'get' ? ['GET', 'HEAD'] : [verb.toUpperCase()];
        for (const method of methods) {
          const response = await script.api(at, {
            method,
            ...(method === 'POST' && { json: tokenBody() }),
          });
          expect([method, response.status]).toEqual([method, 403]);
          if (method === 'HEAD') continue;
          expectProblem(response, 403, 'insufficient_scope', `/api/v1${at}`);
          expect(response.headers.get('www-authenticate')).toContain('insufficient_scope');
        }
      }
    }
    expect((await ada.api<TokensDto>('/tokens')).body.data).toHaveLength(2);
  });

  it.each(['tasks:read', 'tasks:write'])('more by a name or header of %s', async (scope) => {
    const { token } = await createToken(ada, { name: scope, scopes: ['tasks:read'] });
    const response = await send(`${app.url}/api/v1/tasks`, {
      method: 'POST',
      json: { title: 'x', scope, scopes: [scope] },
      headers: { authorization: `Bearer ${token}`, scope, 'x-scope': scope },
    });
    expectProblem(response, 403, 'insufficient_scope', '/api/v1/tasks');
  });
});

describe('a flood of made-up tokens', () => {
  const flood = () =>
    Promise.all(
      Array.from({ length: 200 }, () => withToken(app.url, ada, createPersonalToken()).api('/me')),
    );

  beforeAll(() => {
    app.proxy.slow(50);
  });
  afterAll(() => {
    app.proxy.slow(0);
  });

  it('holds few connections: others are served, and the rest of the flood is refused', async () => {
    expect((await withToken(app.url, ada, adas.token).api('/me')).status).toBe(200);
    const flooding = flood();
    expect((await ada.api('/tasks')).status).toBe(200);
    expect((await withToken(app.url, ada, adas.token).api('/me')).status).toBe(200);
    const codes = (await flooding).map(({ body }) => body.code);
    expect(codes).toContain('too_many_concurrent_requests');
    expect(new Set(codes)).toEqual(new Set(['invalid_token', 'too_many_concurrent_requests']));
  });
});

it('no random text has the form of a token', () => {
  for (let n = 0; n < 10_000; n += 1) {
    expect(isWellFormed(`tw_pat_${randomBytes(21).toString('hex')}`)).toBe(false);
  }
});
