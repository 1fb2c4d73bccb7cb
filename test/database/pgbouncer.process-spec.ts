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
async function startPooler(
  poolSize: number,
  preparedStatements: number,
  settings: readonly string[] = [],
) {
  const name = `pooled_${String((databases += 1))}`;
  await withOwner(serverUrl, (client) => client.query(`create database ${name}`));
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  const options = { poolSize, preparedStatements, users: USERS, settings };
  const pooler = await PgBouncer.start(serverUrl, options);
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

  it.each([
    { what: 'two server connections for each role', poolSize: 2, settings: [] },
    { what: 'one server connection', poolSize: 1, settings: ['max_db_connections = 1'] },
  ])(
    'accounts, tokens and tasks work on $what, and a sign-out ends its tokens',
    async ({ poolSize, settings }) => {
      const app = await start(await startPooler(poolSize, preparedStatements, settings));
      const ada = await signUp(app.url);
      const task = await ada.create();
      expect((await ada.list()).data).toEqual([task]);
      const eve = await signUp(app.url);
      expect((await eve.list()).data).toEqual([]);
      const post = (path: string, cookie: string, json: object) =>
        send(`${app.url}/api/auth${path}`, {
          method: 'POST',
          headers: { cookie, origin: app.url },
          json,
        });
      const password = 'correct horse battery';
      expect((await post('/delete-user', eve.cookie, { password })).status).toBe(200);
      expect((await post('/sign-out', ada.cookie, {})).status).toBe(200);
      for (const user of [ada, eve])
        await until(async () => (await user.api('/me')).status === 401);
    },
  );
});

describe('behind a hosted pooler, which knows a role by another name', () => {
  /** Creates a login of the API's role on a new database; returns what starts an app behind a pooler. */
  async function prepare(role: string, suffix: string) {
    const name = `hosted_${String((databases += 1))}`;
    await withOwner(serverUrl, async (client) => {
      await client.query(`create database ${name}`);
    });
    const url = Object.assign(new URL(serverUrl), { pathname: `/${name}` }).href;
    const user = `${role}${suffix}`;
    const startPoolerFor = async () => {
      const pooler = await PgBouncer.start(serverUrl, {
        poolSize: 2,
        preparedStatements: 0,
        users: { [user]: PASSWORD },
        login: { user: role, password: PASSWORD },
      });
      cleanups.push(() => pooler.stop());
      const DATABASE_API_URL = pooler.urlFor(url, encodeURIComponent(user), PASSWORD);
      return { ...SECRET_MODE, DATABASE_URL: url, DATABASE_API_URL };
    };
    return startPoolerFor;
  }

  async function expectToServe(variables: Record<string, string>): Promise<void> {
    const app = await start(variables);
    const ada = await mintUser(app.url, 'ada');
    const task = await ada.create();
    expect((await ada.list()).data).toEqual([task]);
  }

  it.each(['.project', '@server'])(`${API_ROLE}%s starts and serves`, async (suffix) => {
    const startPoolerFor = await prepare(API_ROLE, suffix);
    await expectToServe(await startPoolerFor());
  });

  it('a login of another name serves once the pooler has connected with its settings', async () => {
    await withOwner(serverUrl, (client) =>
      client.query(
        `create role requests login password '${PASSWORD}'; grant ${API_ROLE} to requests`,
      ),
    );
    const startPoolerFor = await prepare('requests', '.project');
    await expect(startApp(await startPoolerFor())).rejects.toThrow(
      'DATABASE_API_URL: its connections are older than the settings of their role',
    );
    await expectToServe(await startPoolerFor());
  });
});
