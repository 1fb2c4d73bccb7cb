import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { API_ROLE, IDENTITY_ROLE } from '../../src/database/connection.js';
import { startApp, type TestApp } from '../support/app.js';
import { send, signUp } from '../support/client.js';
import { withOwner } from '../support/database.js';
import { KnowingClient } from '../support/knowing-client.js';
import { useOwnServer } from '../support/own-server.js';
import { knowsPreparedStatements, PgBouncer } from '../support/pgbouncer.js';
import { DatabaseProxy } from '../support/tcp-proxy.js';
import { mintUser, SECRET_MODE } from '../support/tokens.js';
import { until } from '../support/until.js';

const PASSWORD = 'hunter2-is-no-password';
const USERS = { [API_ROLE]: PASSWORD, [IDENTITY_ROLE]: PASSWORD };
const USER_COUNT = 6;
const STEPS = 40;

const server = useOwnServer();
let proxy: DatabaseProxy;
let serverUrl: string;
const cleanups: (() => Promise<void>)[] = [];

beforeAll(async () => {
  proxy = new DatabaseProxy(server.url);
  serverUrl = await proxy.start();
});
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});
afterAll(async () => {
  await proxy.stop();
});

let databases = 0;

/** Variables of an app whose requests reach a new database through a pooler. */
async function startPooler(poolSize: number, preparedStatements: number) {
  const name = `pooled_${String((databases += 1))}`;
  await withOwner(serverUrl, (client) => client.query(`create database ${name}`));
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  const pooler = await PgBouncer.start(serverUrl, { poolSize, preparedStatements, users: USERS });
  cleanups.push(() => pooler.stop());
  return {
    DATABASE_URL: url.href,
    DATABASE_API_URL: pooler.urlFor(url.href, API_ROLE, PASSWORD),
    DATABASE_IDENTITY_URL: pooler.urlFor(url.href, IDENTITY_ROLE, PASSWORD),
  };
}

async function start(variables: Record<string, string>): Promise<TestApp> {
  const app = await startApp(variables);
  cleanups.push(() => app.close());
  return app;
}

const SUPPORT = knowsPreparedStatements()
  ? [
      { how: 'that knows prepared statements', preparedStatements: 200 },
      { how: 'that could know prepared statements, and is told not to', preparedStatements: 0 },
    ]
  : [{ how: 'that knows no prepared statements', preparedStatements: 0 }];

describe.each(SUPPORT)('behind a pooler in transaction mode $how', ({ preparedStatements }) => {
  it.each([{ poolSize: 1 }, { poolSize: 3 }])(
    'two instances do on $poolSize server connections what they are asked, on rows of the caller',
    async ({ poolSize }) => {
      const variables = { ...SECRET_MODE, ...(await startPooler(poolSize, preparedStatements)) };
      const apps = [await start(variables), await start(variables)];
      const clients = await Promise.all(
        Array.from({ length: USER_COUNT }, async (_, n) => {
          const name = `user${String(n)}`;
          return new KnowingClient(
            name,
            await Promise.all(apps.map(({ url }) => mintUser(url, name))),
            n,
          );
        }),
      );
      // Each instance uses its statements for the first time in another order.
      for (let action = 0; action < 13; action += 1) {
        await clients[0]?.step(action);
        await clients[1]?.step(12 - action);
      }
      const runs = clients.map((client) => client.run(STEPS));
      await expect(Promise.all(runs)).resolves.toHaveLength(USER_COUNT);
    },
  );

  it('accounts, tokens and tasks work, and a sign-out ends its tokens', async () => {
    const app = await start(await startPooler(2, preparedStatements));
    const ada = await signUp(app.url);
    const task = await ada.create();
    expect((await ada.list()).data).toEqual([task]);
    expect((await (await signUp(app.url)).list()).data).toEqual([]);
    const headers = { cookie: ada.cookie, origin: app.url };
    const url = `${app.url}/api/auth/sign-out`;
    expect((await send(url, { method: 'POST', headers, json: {} })).status).toBe(200);
    await until(async () => (await ada.api('/me')).status === 401);
  });
});
