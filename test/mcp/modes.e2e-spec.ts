import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { TaskPageDto } from '../../src/tasks/task.dto.js';
import { startApp, type TestApp, useApp } from '../support/app.js';
import { signUp, type TestUser, userWith } from '../support/client.js';
import { callAuth, PASSWORD } from '../support/identity.js';
import { connect, post } from '../support/mcp.js';
import { createToken } from '../support/personal-tokens.js';
import {
  claims,
  createKey,
  ISSUER,
  jwksMode,
  KeySetServer,
  mintUser,
  SECRET_MODE,
} from '../support/tokens.js';
import { until } from '../support/until.js';

const PING = { jsonrpc: '2.0', id: 1, method: 'ping' };
const statusOf = async ({ url }: { readonly url: string }, token: string) =>
  (await post(url, PING, { token })).status;

/** Reads and writes with a token of the issuer and with a personal one; the latter is revoked. */
async function expectServed(app: TestApp, ada: TestUser, eve: TestUser): Promise<void> {
  const { id, token } = await createToken(ada);
  for (const user of [ada, { token }]) {
    const { call } = await connect(app.url, user);
    const title = randomUUID();
    await call('create_task', { title });
    const { result } = await call<TaskPageDto>('search_tasks', { q: title });
    expect(result.data).toMatchObject([{ title }]);
    const other = await connect(app.url, eve);
    const { result: none } = await other.call<TaskPageDto>('search_tasks', { q: title });
    expect(none.data).toEqual([]);
  }
  await ada.api(`/tokens/${id}`, { method: 'DELETE' });
  await until(async () => (await statusOf(app, token)) === 401);
}

describe('in mode embedded', () => {
  const app = useApp();

  it('serves tokens of the issuer and personal ones', async () => {
    await expectServed(app, await signUp(app.url), await signUp(app.url, 'eve'));
  });

  it('takes no session cookie, and ends with the session', async () => {
    const ada = await signUp(app.url);
    expect((await post(app.url, PING, { headers: { cookie: ada.cookie } })).status).toBe(401);
    expect(await statusOf(app, ada.token)).toBe(200);
    await callAuth(app.url, '/sign-out', {}, ada.cookie);
    await until(async () => (await statusOf(app, ada.token)) === 401);
    const { body } = await post(app.url, PING, { token: ada.token });
    expect(body.code).toBe('session_ended');
  });

  it('ends with the account', async () => {
    const ada = await signUp(app.url);
    const { token } = await createToken(ada);
    expect(await statusOf(app, token)).toBe(200);
    await callAuth(app.url, '/delete-user', { password: PASSWORD }, ada.cookie);
    await until(async () => (await statusOf(app, token)) === 401);
  });
});

describe('in mode secret', () => {
  const app = useApp(SECRET_MODE);

  it('serves tokens of the issuer and personal ones', async () => {
    await expectServed(app, await mintUser(app.url, 'ada'), await mintUser(app.url, 'eve'));
  });
});

describe('in mode jwks', () => {
  const keySet = new KeySetServer();
  let app: TestApp;
  let ada: TestUser;
  let eve: TestUser;

  beforeAll(async () => {
    const key = await createKey('first');
    await keySet.start(key.jwk);
    app = await startApp(jwksMode(keySet.url));
    const user = async (sub: string) =>
      userWith(app.url, {
        ...{ id: sub, email: '', cookie: '' },
        token: await key.sign(claims({ sub, iss: ISSUER })),
      });
    [ada, eve] = [await user('ada'), await user('eve')];
  });
  afterAll(async () => {
    await app.close();
    await keySet.stop();
  });

  it('serves tokens of the issuer and personal ones', () => expectServed(app, ada, eve));
});

describe('with REQUIRE_IF_MATCH=true', () => {
  const app = useApp({ ...SECRET_MODE, REQUIRE_IF_MATCH: 'true' });

  it('a tool that changes needs ifMatch', async () => {
    const ada = await mintUser(app.url, 'ada');
    const { id } = await ada.create();
    const { call } = await connect(app.url, ada);
    for (const name of ['update_task', 'complete_task', 'move_task', 'delete_task']) {
      expect((await call(name, { id })).problem.code).toBe('precondition_required');
    }
    expect((await call('complete_task', { id, ifMatch: '"1"' })).isError).toBe(false);
  });
});
