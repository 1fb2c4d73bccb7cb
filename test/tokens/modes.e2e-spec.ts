import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startApp, type TestApp, useApp } from '../support/app.js';
import { send, signUp, type TestUser, userWith } from '../support/client.js';
import { asDatabaseOwner, useOwner } from '../support/database.js';
import { closeStreams, follow } from '../support/event-stream.js';
import { callAuth, cookieOf, PASSWORD } from '../support/identity.js';
import { createToken, tokenBody, withToken } from '../support/personal-tokens.js';
import { claims, createKey, jwksMode, KeySetServer } from '../support/tokens.js';
import { until } from '../support/until.js';

describe('in mode embedded a personal token', () => {
  const app = useApp();
  const owner = useOwner(() => app);
  const statusOf = async (user: TestUser) => (await user.api('/me')).status;
  const rowsOf = async ({ id }: TestUser) =>
    (await owner('select count(*)::int as rows from personal_token where owner_id = $1', [id]))[0];

  it('outlives the session that made it, and a change of the password', async () => {
    const ada = await signUp(app.url);
    const script = withToken(app.url, ada, (await createToken(ada)).token);
    const changed = await callAuth(
      app.url,
      '/change-password',
      {
        currentPassword: PASSWORD,
        newPassword: 'another horse battery',
        revokeOtherSessions: true,
      },
      ada.cookie,
    );
    expect(changed.status).toBe(200);
    await callAuth(app.url, '/sign-out', {}, cookieOf(changed));
    await until(async () => (await ada.api('/me')).status === 401);
    expect(await statusOf(script)).toBe(200);
  });

  it('ends with the account, in the same moment, and its row is gone', async () => {
    const [ada, eve] = [await signUp(app.url), await signUp(app.url, 'eve')];
    const { token } = await createToken(ada);
    const [script, other] = [
      withToken(app.url, ada, token),
      withToken(app.url, eve, (await createToken(eve)).token),
    ];
    expect(await statusOf(script)).toBe(200);
    const stream = await follow(app.url, { token });
    await callAuth(app.url, '/delete-user', { password: PASSWORD }, ada.cookie);
    expect(await rowsOf(ada)).toEqual({ rows: 0 });
    expect(await stream.ended()).toMatchObject({ event: 'session-ended' });
    expect((await script.api('/me')).body.code).toBe('invalid_token');
    expect(await statusOf(other)).toBe(200);
    expect(await rowsOf(eve)).toEqual({ rows: 1 });
  });

  it('of a deleted account is not found, though its row came too late to be deleted', async () => {
    const ada = await signUp(app.url);
    const { token } = await createToken(ada);
    await asDatabaseOwner(app, `insert into auth.deleted_user (id) values ('${ada.id}')`);
    const { status, body } = await withToken(app.url, ada, token).api('/me');
    expect([status, body.code]).toEqual([401, 'invalid_token']);
    expect(await rowsOf(ada)).toEqual({ rows: 1 });
  });

  it('opens nothing under /api/auth', async () => {
    const ada = await signUp(app.url);
    const { token } = await createToken(ada);
    const call = (path: string, json?: unknown) =>
      send<unknown>(`${app.url}/api/auth${path}`, {
        method: json === undefined ? 'GET' : 'POST',
        headers: { authorization: `Bearer ${token}`, origin: app.url },
        ...(json !== undefined && { json }),
      });
    expect((await call('/get-session')).body).toBeNull();
    for (const [path, json] of [
      ['/token'],
      ['/list-sessions'],
      ['/change-password', { currentPassword: PASSWORD, newPassword: 'another horse battery' }],
      ['/delete-user', { password: PASSWORD }],
      ['/update-user', { name: 'Eve' }],
    ] as const) {
      expect([path, (await call(path, json)).status]).toEqual([path, 401]);
    }
    for (const cookie of [
      `better-auth.session_token=${token}`,
      `better-auth.session_token=${encodeURIComponent(`${token}.x`)}`,
    ]) {
      const headers = { cookie, origin: app.url };
      expect((await send(`${app.url}/api/auth/token`, { headers })).status).toBe(401);
    }
  });
});

describe('in mode jwks a personal token', () => {
  const keySet = new KeySetServer();
  let app: TestApp;
  let ada: TestUser;

  beforeAll(async () => {
    const key = await createKey('first');
    await keySet.start(key.jwk);
    app = await startApp(jwksMode(keySet.url));
    const sub = randomUUID();
    const token = await key.sign(claims({ sub }));
    ada = userWith(app.url, { id: sub, email: '', cookie: '', token });
  });
  afterAll(async () => {
    closeStreams();
    await app.close();
    await keySet.stop();
  });

  it('is made, works while the key set is out of reach, and is revoked', async () => {
    const { id, token } = await createToken(ada);
    const script = withToken(app.url, ada, token);
    keySet.misbehave = (_, response) => response.writeHead(500).end();
    expect((await script.create({ title: 'By a script' })).title).toBe('By a script');
    const refused = await script.api('/tokens', { method: 'POST', json: tokenBody() });
    expect(refused.body.code).toBe('insufficient_scope');
    const stream = await follow(app.url, { token });
    await ada.api(`/tokens/${id}`, { method: 'DELETE' });
    expect(await stream.ended()).toMatchObject({ event: 'session-ended' });
    await until(async () => (await script.api('/me')).status === 401);
  });
});
