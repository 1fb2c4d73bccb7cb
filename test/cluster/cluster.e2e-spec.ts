import { randomBytes } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import {
  distributeDatabase,
  moveRows,
  undistributeDatabase,
} from '../../src/database/distribute.js';
import { distribute } from '../../src/database/distribution.sql.js';
import { migrate } from '../../src/database/migrate.js';
import type { TaskPageDto } from '../../src/tasks/task.dto.js';
import { startApp, type TestApp } from '../support/app.js';
import { type TestUser, userWith } from '../support/client.js';
import { CONNECT_TIMEOUT_MS, createClusterDatabase, SHARDS } from '../support/cluster.js';
import { withOwner } from '../support/database.js';
import { DatabaseProxy } from '../support/tcp-proxy.js';
import { claims, SECRET_MODE, signWithSecret } from '../support/tokens.js';
import { until } from '../support/until.js';

// A database of each server is created, migrated and distributed.
jest.setTimeout(180_000);

const USERS = ['ada', 'bob', 'cleo', 'dan', 'eve', 'fay', 'gus', 'hal'];
/** Shorter than the deadline of a frozen worker's users, who get their answer then. */
const LIMITS = { DATABASE_STATEMENT_TIMEOUT: '2s', DATABASE_CONNECT_TIMEOUT: '2s' };

let url: string;
let app: TestApp | undefined;
const proxies = new Map<string, DatabaseProxy>();

async function start(): Promise<TestApp> {
  app = await startApp({ ...SECRET_MODE, ...LIMITS, DATABASE_URL: url });
  return app;
}
const stop = async () => {
  await app?.close();
  app = undefined;
};
afterEach(stop);

async function userOf(name: string): Promise<TestUser> {
  if (app === undefined) throw new Error('The app is not started.');
  const token = await signWithSecret(claims({ sub: name }));
  return userWith(app.url, { id: name, email: '', cookie: '', token });
}

const options = { shards: SHARDS, connectTimeoutMs: CONNECT_TIMEOUT_MS };

/** Returns the worker that has the rows of each user. */
async function workers(): Promise<Map<string, string>> {
  const { rows } = await withOwner(url, (client) =>
    client.query<{ name: string; node: string }>(
      `select name, nodename || ':' || nodeport as node from unnest($1::text[]) as name
         join citus_shards on shardid = get_shard_id_for_distribution_column('public.task', name)`,
      [USERS],
    ),
  );
  return new Map(rows.map(({ name, node }) => [name, node]));
}

const statusOf = async (name: string) =>
  (await (await userOf(name)).api<TaskPageDto>('/tasks')).status;
const statuses = async (names: readonly string[]) =>
  Promise.all(names.map((name) => statusOf(name)));

async function expectOwnTask(name: string): Promise<void> {
  const { data } = await (await userOf(name)).list();
  expect(data.map(({ title }) => title)).toEqual([`Task of ${name}`]);
}

beforeAll(async () => {
  const name = `${process.env['TEST_DATABASE_PREFIX'] ?? ''}_${randomBytes(6).toString('hex')}`;
  url = await createClusterDatabase(name, async (workerUrl) => {
    const proxy = new DatabaseProxy(workerUrl);
    const reached = await proxy.start();
    proxies.set(new URL(reached).host, proxy);
    return reached;
  });
  await migrate(url);
  await start();
  for (const user of USERS) await (await userOf(user)).create({ title: `Task of ${user}` });
  await stop();
});
afterAll(async () => {
  for (const proxy of proxies.values()) await proxy.stop();
});

describe('a database on a cluster', () => {
  it('is not distributed while an instance is connected', async () => {
    await start();
    await expect(distributeDatabase(url, options)).rejects.toThrow('Others are connected');
  });

  it('has the rows of users on all workers when it is distributed', async () => {
    const lines = await distributeDatabase(url, options);
    expect(lines).toHaveLength(proxies.size);
    expect(lines.map((line) => line.replace(/ {2}\d+ tasks$/, '')).sort()).toEqual(
      [...proxies.keys()].sort(),
    );
    expect(lines.every((line) => !line.endsWith('  0 tasks'))).toBe(true);
    await start();
    for (const user of USERS) await expectOwnTask(user);
  });

  it('applies row-level security on the workers', async () => {
    const { rows } = await withOwner(url, async (client) => {
      await client.query(`begin; set local role taskward_api`);
      await client.query(`select act_for('ada')`);
      return client.query<{ owner: string }>('select distinct owner_id as owner from task');
    });
    expect(rows).toEqual([{ owner: 'ada' }]);
  });

  it.each([
    {
      name: 'stopped',
      disturb: (proxy: DatabaseProxy) => {
        proxy.cut();
      },
    },
    {
      name: 'frozen',
      disturb: (proxy: DatabaseProxy) => {
        proxy.freeze();
      },
    },
  ])('a worker that is $name fails its users alone, and serves again', async ({ disturb }) => {
    await start();
    const nodes = await workers();
    const [lost = ''] = nodes.values();
    const theirs = USERS.filter((user) => nodes.get(user) === lost);
    const others = USERS.filter((user) => nodes.get(user) !== lost);
    expect(await statuses(USERS)).toEqual(USERS.map(() => 200));
    const proxy = proxies.get(lost);
    if (proxy === undefined) throw new Error(`There is no proxy for ${lost}.`);
    disturb(proxy);
    try {
      expect(await statuses(theirs)).toEqual(theirs.map(() => 503));
      expect(await statuses(others)).toEqual(others.map(() => 200));
    } finally {
      proxy.mend();
    }
    await until(async () => (await statuses(USERS)).every((status) => status === 200));
  });

  it('comes back to one server with all rows', async () => {
    await undistributeDatabase(url, options);
    await start();
    for (const user of USERS) await expectOwnTask(user);
  });

  it('has an error, and no empty list, for an instance that does not know that it is distributed', async () => {
    await start();
    await withOwner(url, (client) => moveRows(client, distribute(SHARDS)));
    expect(await statuses(USERS)).toEqual(USERS.map(() => 500));
    await stop();
    await start();
    for (const user of USERS) await expectOwnTask(user);
  });
});
