import { randomUUID } from 'node:crypto';
import { beforeEach, describe, expect, it } from '@jest/globals';
import type { HistoryDto } from '../../src/resource/history.dto.js';
import { PersonalTokens } from '../../src/issuer/personal-tokens.js';
import type { StoredTokens } from '../../src/tokens/stored-tokens.js';
import type { CreatedTokenDto, TokensDto } from '../../src/tokens/token.dto.js';
import { useApp } from '../support/app.js';
import type { TestUser } from '../support/client.js';
import { useOwner } from '../support/database.js';
import { createToken, tokenBody, withToken } from '../support/personal-tokens.js';
import { expectProblem } from '../support/problem.js';
import { increases } from '../support/metrics.js';
import { claims, ISSUER, mintUser, SECRET_MODE, signWithSecret } from '../support/tokens.js';

const app = useApp(SECRET_MODE);
const owner = useOwner(() => app);
let ada: TestUser;
beforeEach(async () => {
  ada = await mintUser(app.url, randomUUID());
});

const post = (json: unknown, headers: Record<string, string> = {}) =>
  ada.api<CreatedTokenDto>('/tokens', { method: 'POST', json, headers });
const list = async (user = ada) => (await user.api<TokensDto>('/tokens')).body.data;

describe('POST /tokens', () => {
  it('returns the token once; the list has all but it', async () => {
    const expiresAt = '2036-01-31T23:59:59.123Z';
    const response = await post(tokenBody({ name: '  backup ', expiresAt }));
    expect(response.status).toBe(201);
    expect(response.headers.get('cache-control')).toBe('private, no-store');
    const { token, ...rest } = response.body;
    expect(token).toMatch(/^tw_pat_[0-9A-Za-z]{42}$/);
    expect(rest).toEqual({
      id: expect.stringMatching(/^[\da-f-]{36}$/),
      name: 'backup',
      scopes: ['tasks:read', 'tasks:write'],
      createdAt: expect.stringMatching(/Z$/),
      expiresAt,
      lastUsedOn: null,
    });
    expect(await list()).toEqual([rest]);
  });

  it('stores the SHA-256 of the token, and the token nowhere', async () => {
    const { token, id } = await createToken(ada);
    const [row] = await owner(
      `select hash = sha256($1::bytea) as is_hash, personal_token::text as text
         from personal_token where id = $2`,
      [token, id],
    );
    expect(row).toMatchObject({ is_hash: true });
    expect(String(row?.['text'])).not.toContain(token.slice(7, 20));
  });

  it('lists the newest first', async () => {
    for (const name of ['a', 'b', 'c']) await createToken(ada, { name });
    expect((await list()).map(({ name }) => name)).toEqual(['c', 'b', 'a']);
  });

  it.each([
    { expiresAt: null, stored: null },
    { expiresAt: undefined, stored: null },
    { expiresAt: '2036-02-29t12:00:00.123456+02:00', stored: '2036-02-29T10:00:00.123Z' },
    { expiresAt: '9999-12-31T23:59:59Z', stored: '9999-12-31T23:59:59.000Z' },
  ])('takes $expiresAt as the end', async ({ expiresAt, stored }) => {
    expect((await createToken(ada, { expiresAt })).expiresAt).toBe(stored);
  });

  it('puts scopes in their order', async () => {
    const { scopes } = await createToken(ada, { scopes: ['tasks:write', 'tasks:read'] });
    expect(scopes).toEqual(['tasks:read', 'tasks:write']);
  });

  it.each([
    { name: 'no name', json: { scopes: ['tasks:read'] }, at: '/name required' },
    { name: 'a blank name', json: tokenBody({ name: ' ' }), at: '/name too_short' },
    { name: 'a long name', json: tokenBody({ name: 'x'.repeat(101) }), at: '/name too_long' },
    { name: 'a NUL', json: tokenBody({ name: 'a\0' }), at: '/name unicode' },
    { name: 'no scopes', json: { name: 'x' }, at: '/scopes required' },
    { name: 'an empty list', json: tokenBody({ scopes: [] }), at: '/scopes read_required' },
    { name: 'null', json: tokenBody({ scopes: null }), at: '/scopes type' },
    { name: 'a string', json: tokenBody({ scopes: 'tasks:read' }), at: '/scopes type' },
    {
      name: 'writing alone',
      json: tokenBody({ scopes: ['tasks:write'] }),
      at: '/scopes read_required',
    },
    {
      name: 'a scope twice',
      json: tokenBody({ scopes: ['tasks:read', 'tasks:read'] }),
      at: '/scopes duplicate',
    },
    {
      name: 'a made-up scope',
      json: tokenBody({ scopes: ['tasks:read', 'admin'] }),
      at: '/scopes one_of',
    },
    { name: 'a day', json: tokenBody({ expiresAt: '2036-01-01' }), at: '/expiresAt date_time' },
    {
      name: 'an impossible day',
      json: tokenBody({ expiresAt: '2035-02-29T00:00:00Z' }),
      at: '/expiresAt date_time',
    },
    {
      name: 'a time in the past',
      json: tokenBody({ expiresAt: '2020-01-01T00:00:00Z' }),
      at: '/expiresAt in_past',
    },
    { name: 'a number', json: tokenBody({ expiresAt: 5 }), at: '/expiresAt type' },
    { name: 'an owner', json: tokenBody({ ownerId: 'eve' }), at: '/ownerId unknown' },
    { name: 'a token of one’s own', json: tokenBody({ token: 'x' }), at: '/token unknown' },
  ])('refuses $name', async ({ json, at }) => {
    const { status, body } = await ada.api('/tokens', { method: 'POST', json });
    expect(status).toBe(422);
    const found = (body.errors ?? []).map(({ pointer, code }) => `${pointer ?? ''} ${code}`);
    expect(found).toContain(at);
    expect(await list()).toEqual([]);
  });

  it('refuses an Idempotency-Key, whose response would have to be kept', async () => {
    const response = await ada.api('/tokens', {
      method: 'POST',
      json: tokenBody(),
      headers: { 'idempotency-key': 'a-key' },
    });
    expectProblem(response, 400, 'invalid_header', '/api/v1/tokens');
    expect(response.body.errors).toEqual([
      expect.objectContaining({ header: 'idempotency-key', code: 'unsupported' }),
    ]);
    expect(await list()).toEqual([]);
  });

  it('makes at most 50, also at once, and has room again after a revocation', async () => {
    const grown = await increases(app.url, async () => {
      const responses = await Promise.all(Array.from({ length: 60 }, () => post(tokenBody())));
      expect(responses.filter(({ status }) => status === 201)).toHaveLength(50);
      expect(responses.filter(({ status }) => status === 403)).toHaveLength(10);
    });
    expect(grown).toMatchObject({ 'taskward_quota_refused_total personal_tokens': 10 });
    const response = await ada.api('/tokens', { method: 'POST', json: tokenBody() });
    expectProblem(response, 403, 'quota_exceeded', '/api/v1/tokens');
    const tokens = await list();
    expect(tokens).toHaveLength(50);
    await ada.api(`/tokens/${tokens[0]?.id ?? ''}`, { method: 'DELETE' });
    await createToken(ada);
    await createToken(await mintUser(app.url, randomUUID()));
  });
});

describe('a personal token', () => {
  it('opens what its scopes allow, as its owner', async () => {
    const task = await ada.create({ title: 'Mine' });
    const { token } = await createToken(ada, { scopes: ['tasks:read'] });
    const script = withToken(app.url, ada, token);
    expect((await script.list()).data).toEqual([task]);
    for (const path of ['/lists', '/changes', `/tasks/${task.id}`, `/tasks/${task.id}/history`]) {
      expect((await script.api(path)).status).toBe(200);
    }
    const refused = await script.api(`/tasks/${task.id}`, { method: 'DELETE' });
    expectProblem(refused, 403, 'insufficient_scope', `/api/v1/tasks/${task.id}`);
    expect(refused.headers.get('www-authenticate')).toBe(
      'Bearer realm="taskward", error="insufficient_scope", scope="tasks:write"',
    );
    const writer = withToken(app.url, ada, (await createToken(ada)).token);
    expect((await writer.create({ title: 'By a script' })).title).toBe('By a script');
  });

  it('is found by GET /me, with its end', async () => {
    const expiresAt = '2036-01-31T23:59:59.000Z';
    for (const end of [expiresAt, null]) {
      const { token } = await createToken(ada, { expiresAt: end });
      const { body } = await withToken(app.url, ada, token).api('/me');
      expect(body).toEqual({ id: ada.id, issuer: ISSUER, tokenExpiresAt: end });
    }
  });

  it('is what histories name', async () => {
    const { token } = await createToken(ada, { name: 'Zapier 🤖' });
    const { id } = await withToken(app.url, ada, token).create();
    const { body } = await ada.api<HistoryDto>(`/tasks/${id}/history`);
    expect(body.data.map(({ by }) => by)).toEqual([{ type: 'token', name: 'Zapier 🤖' }]);
  });

  it('is refused once it is revoked, and revoked once', async () => {
    const [{ id, token }, other] = [await createToken(ada), await createToken(ada)];
    const script = withToken(app.url, ada, token);
    expect((await script.api('/me')).status).toBe(200);
    expect((await ada.api(`/tokens/${id}`, { method: 'DELETE' })).status).toBe(204);
    await untilRefused(script);
    const again = await ada.api(`/tokens/${id}`, { method: 'DELETE' });
    expectProblem(again, 404, 'token_not_found', `/api/v1/tokens/${id}`);
    expect((await list()).map((one) => one.id)).toEqual([other.id]);
    expect((await withToken(app.url, ada, other.token).api('/me')).status).toBe(200);
  });

  it('is refused from its end on', async () => {
    const { id, token } = await createToken(ada);
    const expiresAt = new Date(Date.now() + 1_500).toISOString();
    await owner('update personal_token set expires_at = $1 where id = $2', [expiresAt, id]);
    const script = withToken(app.url, ada, token);
    const { status } = await script.api('/me');
    // On a busy machine the response may come after the end.
    expect(Date.now() < Date.parse(expiresAt) ? status : 200).toBe(200);
    await untilRefused(script, 'expired_token');
    expect(Date.now()).toBeGreaterThanOrEqual(Date.parse(expiresAt));
    const [row] = await list();
    expect(row).toMatchObject({ expiresAt });
  });

  it('has the day of its last use, written once however often it is used', async () => {
    const { id, token } = await createToken(ada);
    const script = withToken(app.url, ada, token);
    const stored = app.nest.get<StoredTokens>(PersonalTokens, { strict: false });
    const versionOf = async () =>
      (
        await owner('select xmin::text as xmin, ctid::text from personal_token where id = $1', [id])
      )[0];
    const today = () => new Date().toISOString().slice(0, 10);
    const days = [today()];
    for (let n = 0; n < 5; n += 1) await script.api('/me');
    await stored.writeUses();
    days.push(today());
    expect(days).toContain((await list())[0]?.lastUsedOn);
    const written = { day: today(), version: await versionOf() };
    for (let n = 0; n < 5; n += 1) await script.api('/me');
    await stored.writeUses();
    // A new day is written, too.
    const isSameDay = written.day === today();
    const version = await versionOf();
    expect(isSameDay ? version : written.version).toEqual(written.version);
  });

  it('keeps the later day when two instances write', async () => {
    const { id } = await createToken(ada);
    const use = (day: string) =>
      owner(
        `select record_personal_token_use(array(select hash from personal_token where id = $1), $2)`,
        [id, day],
      );
    await use('2036-01-02');
    await use('2036-01-01');
    expect((await list())[0]?.lastUsedOn).toBe('2036-01-02');
  });

  async function untilRefused(script: TestUser, code = 'invalid_token'): Promise<void> {
    const deadline = Date.now() + 10_000;
    for (;;) {
      const response = await script.api('/me');
      if (response.status === 401) {
        expectProblem(response, 401, code, '/api/v1/me');
        expect(response.headers.get('www-authenticate')).toContain('error="invalid_token"');
        return;
      }
      if (Date.now() > deadline) throw new Error('The token is still accepted.');
    }
  }
});

describe('no token has a scope that its maker lacks', () => {
  const makerWith = async (scope: string) => {
    const token = await signWithSecret(claims({ sub: ada.id, scope }));
    return withToken(app.url, ada, token);
  };

  it('a maker who may only read makes none', async () => {
    const reader = await makerWith('tasks:read');
    const response = await reader.api('/tokens', {
      method: 'POST',
      json: tokenBody({ scopes: ['tasks:read'] }),
    });
    expectProblem(response, 403, 'insufficient_scope', '/api/v1/tokens');
  });

  it('a maker with one scope of two makes none with both', async () => {
    const writer = await makerWith('tasks:write openid');
    const response = await writer.api('/tokens', { method: 'POST', json: tokenBody() });
    expectProblem(response, 403, 'insufficient_scope', '/api/v1/tokens');
    expect(response.headers.get('www-authenticate')).toContain('scope="tasks:read"');
    expect(await list()).toEqual([]);
  });

  it('a maker with both makes any', async () => {
    const maker = await makerWith('tasks:read tasks:write');
    for (const scopes of [['tasks:read'], ['tasks:read', 'tasks:write']]) {
      expect((await createToken(maker, { scopes })).scopes).toEqual(scopes);
    }
  });
});
