import { Client } from 'pg';
import { Instances } from '../../support/instances.ts';
import { buildPrevious } from '../../support/previous-build.ts';
import { SECRET_MODE } from '../../support/secret-mode.ts';
import { until } from '../../support/until.ts';
import { Load } from '../load.ts';
import { type Context, type Scenario, timesOf } from '../scenario.ts';

/** Changes that are acknowledged between two faults, at least. */
const BETWEEN = 150;
/** Tasks in the trash for longer than they are kept, which each instance purges a minute after its start. */
const EXPIRED = 5_000;
const PURGE_TIMEOUT_MS = 120_000;

async function query<Row extends object>(connectionString: string, sql: string): Promise<Row[]> {
  const client = new Client({ connectionString });
  await client.connect();
  return (await client.query<Row>(sql).finally(() => client.end())).rows;
}

const trash = (url: string) =>
  query(
    url,
    `update auth.purge_clock set trusted_from = clock_timestamp() - interval '1 hour';
     insert into task (owner_id, id, title, position, deleted_at)
     select 'somebody', gen_random_uuid(), 'expired', 'a' || n, now() - interval '60 days'
       from generate_series(1, ${String(EXPIRED)}) as n`,
  );

/** Waits until the expired tasks are gone; each has one entry in the log of changes. */
async function verifyPurge({ tally, print }: Context, url: string): Promise<void> {
  const left = `select count(*)::int as count from task where owner_id = 'somebody'`;
  const started = performance.now();
  await until(
    async () => (await query<{ count: number }>(url, left))[0]?.count === 0,
    PURGE_TIMEOUT_MS,
  );
  const [logged] = await query<{ entries: number; tasks: number }>(
    url,
    `select count(*)::int as entries, count(distinct id)::int as tasks from change
      where owner_id = 'somebody' and type = 'task.removed'`,
  );
  print(
    `purged by three instances: ${String(logged?.tasks)} tasks, ${String(logged?.entries)} entries in the log, after ${((performance.now() - started) / 1_000).toFixed(0)} s more`,
  );
  if (logged?.tasks !== EXPIRED || logged.entries !== EXPIRED)
    tally.fail('purged twice, or not at all');
}

export const instances: Scenario = {
  name: 'instances',
  title: (size) =>
    `three instances behind nginx, ${String(timesOf(size))} times one killed and one restarted in the previous version`,
  async run(context) {
    const { tally, postgres, print, size } = context;
    const previous = await buildPrevious();
    const databaseUrl = await postgres.createDatabase();
    const settings = { ...SECRET_MODE, RATE_LIMIT: 'off', LOG_LEVEL: 'silent' };
    const three = await Instances.start({ ...settings, DATABASE_URL: databaseUrl });
    try {
      await trash(databaseUrl);
      // A write in flight is not repeated by nginx: its outcome is looked up.
      const load = await Load.start(three.url, tally, {
        users: 3,
        workersPerUser: 1,
        tolerates: [503],
      });
      for (let time = 0; time < timesOf(size); time += 1) {
        const [killed, replaced] = [time % 3, (time + 1) % 3];
        await load.untilAcknowledged(BETWEEN);
        await three.stop(killed, 'SIGKILL');
        await load.untilAcknowledged(BETWEEN);
        await three.stop(replaced, 'SIGTERM');
        await three.restart(replaced, previous);
        await load.untilAcknowledged(BETWEEN);
        await three.restart(killed);
        await load.recovery(performance.now());
        await load.untilAcknowledged(BETWEEN);
        await three.stop(replaced, 'SIGTERM');
        await three.restart(replaced);
        await load.recovery(performance.now());
      }
      await verifyPurge(context, databaseUrl);
      await load.verify(databaseUrl);
      print(load.client.summary);
    } finally {
      await three.close();
    }
  },
};
