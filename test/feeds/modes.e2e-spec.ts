import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startApp, type TestApp, useApp } from '../support/app.js';
import { signUp, type TestUser, userWith } from '../support/client.js';
import { useOwner } from '../support/database.js';
import { addressAt, createFeed } from '../support/feeds.js';
import { callAuth, cookieOf, PASSWORD } from '../support/identity.js';
import { claims, createKey, jwksMode, KeySetServer } from '../support/tokens.js';
import { until } from '../support/until.js';

const read = async (url: string) => {
  const response = await fetch(url);
  return [response.status, /SUMMARY:(.*)\r/.exec(await response.text())?.[1]];
};

describe('in mode embedded a feed', () => {
  const app = useApp();
  const owner = useOwner(() => app);

  it('outlives the session that made it, and a change of the password', async () => {
    const ada = await signUp(app.url);
    await ada.create({ title: 'Buy milk' });
    const address = addressAt(app.url, await createFeed(ada, { as: 'todos' }));
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
    await callAuth(app.url, '/sign-out', {}, cookieOf(changed));
    await until(async () => (await ada.api('/me')).status === 401);
    expect(await read(address)).toEqual([200, 'Buy milk']);
  });

  it('ends with the account, and its row is gone', async () => {
    const [ada, eve] = [await signUp(app.url), await signUp(app.url, 'eve')];
    const [adas, eves] = [await createFeed(ada), await createFeed(eve)];
    await callAuth(app.url, '/delete-user', { password: PASSWORD }, ada.cookie);
    expect((await read(addressAt(app.url, adas)))[0]).toBe(404);
    expect((await read(addressAt(app.url, eves)))[0]).toBe(200);
    const rows = await owner('select owner_id from feed where owner_id = any ($1)', [
      [ada.id, eve.id],
    ]);
    expect(rows).toEqual([{ owner_id: eve.id }]);
  });
});

describe('in mode jwks a feed', () => {
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
    await app.close();
    await keySet.stop();
  });

  it('is made, and read while the key set is out of reach', async () => {
    await ada.create({ title: 'Buy milk' });
    const feed = await createFeed(ada, { as: 'todos' });
    keySet.misbehave = (_, response) => response.writeHead(500).end();
    expect(await read(addressAt(app.url, feed))).toEqual([200, 'Buy milk']);
  });
});
