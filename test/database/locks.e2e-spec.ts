import { afterEach, expect, it } from '@jest/globals';
import { Client } from 'pg';
import { type AdvisoryLock, withAdvisoryLock } from '../../src/database/advisory-lock.js';
import { migrate, withMigrationLock } from '../../src/database/migrate.js';
import { createDatabase, withOwner } from '../support/database.js';
import { until } from '../support/until.js';

const LOCK: AdvisoryLock = { id: '-4611686018427387905', name: 'lock of a test' };

const clients: Client[] = [];
afterEach(() => Promise.all(clients.splice(0).map((client) => client.end())));

/** Holds a lock as a program that was left behind does: in a session. */
async function hold(connectionString: string, id: string): Promise<Client> {
  const client = new Client({ connectionString, application_name: 'left behind' });
  clients.push(client);
  await client.connect();
  await client.query(`select pg_advisory_lock(${id})`);
  return client;
}

const pidOf = async (client: Client) => {
  const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid');
  return String(rows[0]?.pid);
};

it('a start that waits for migrations says once who holds them up, and goes on afterwards', async () => {
  const url = await createDatabase({ empty: true });
  const lines: string[] = [];
  const holder = await hold(url, '8385561482373132900');
  const migration = migrate(url, { warn: (line) => lines.push(line) });
  await until(() => Promise.resolve(lines.length > 0));
  expect(lines).toEqual([
    expect.stringMatching(
      new RegExp(
        `^Waiting for the lock of migrations, held by process ${await pidOf(holder)} of PostgreSQL \\(left behind\\) since 20\\d\\d-`,
      ),
    ),
  ]);
  await holder.query('select pg_advisory_unlock_all()');
  await migration;
  expect(lines).toHaveLength(1);
});

it('one of several programs works at a time, and those that share a lock at once', async () => {
  const connectionString = await createDatabase({ empty: true });
  let working = 0;
  let most = 0;
  const work = async () => {
    most = Math.max(most, (working += 1));
    await withOwner(connectionString, (client) => client.query('select 1'));
    working -= 1;
  };
  const runs = [1, 2, 3].map(() => withAdvisoryLock({ connectionString }, LOCK, work));
  await Promise.all(runs);
  expect(most).toBe(1);

  const both = Promise.withResolvers<unknown>();
  const meet = async () => {
    working += 1;
    if (working === 2) both.resolve(true);
    await both.promise;
  };
  const shared = () => withAdvisoryLock({ connectionString }, LOCK, meet, { mode: 'shared' });
  await Promise.all([shared(), shared()]);
});

it('the lock ends with its transaction, also when the work fails, and holds up no snapshot', async () => {
  const connectionString = await createDatabase({ empty: true });
  const locks = `
    select backend_xmin, application_name as name from pg_locks join pg_stat_activity using (pid)
     where locktype = 'advisory' and pg_locks.database =
       (select oid from pg_database where datname = current_database())`;
  const look = () =>
    withOwner(connectionString, async (client) => (await client.query<object>(locks)).rows);
  const work = async () => {
    expect(await look()).toEqual([{ backend_xmin: null, name: 'taskward, lock of migrations' }]);
    throw new Error('the work failed');
  };
  await expect(withMigrationLock({ connectionString }, work)).rejects.toThrow('the work failed');
  expect(await look()).toEqual([]);
});

it('a program that waits for a lock ends the transaction of each attempt', async () => {
  const connectionString = await createDatabase({ empty: true });
  const holder = await hold(connectionString, LOCK.id);
  const waiting = withAdvisoryLock({ connectionString }, LOCK, () => Promise.resolve());
  const idle = `select from pg_stat_activity
    where application_name = 'taskward, ${LOCK.name}' and state = 'idle' and query = 'rollback'`;
  await until(async () => (await holder.query(idle)).rowCount === 1);
  await holder.query('select pg_advisory_unlock_all()');
  await expect(waiting).resolves.toBeUndefined();
});
