import { setTimeout as delay } from 'node:timers/promises';
import { Client } from 'pg';
import { Load } from '../load.ts';
import { type Context, type Scenario, startProgram } from '../scenario.ts';

const ROUNDS = 3;
/** Milliseconds that the lock is held: longer than a statement may wait. */
const HELD = 12_000;
/** Connections that the app keeps at most. */
const POOL_SIZE = 10;
/** Twice as many at once as the pool has connections, and more. */
const WORKERS = { users: 10, workersPerUser: 4 };

const WAITING = `select from pg_stat_activity
  where datname = current_database() and wait_event_type = 'Lock'`;

export const pool: Scenario = {
  name: 'pool',
  title: () => `pool exhausted by a lock, ${String(ROUNDS)} times`,
  async run(context: Context) {
    const { postgres, tally } = context;
    const DATABASE_URL = await postgres.createDatabase();
    const { program, url } = await startProgram(context, { DATABASE_URL });
    const load = await Load.start(url, tally, { ...WORKERS, tolerates: [503] });
    const locker = new Client({ connectionString: DATABASE_URL });
    await locker.connect();
    for (let round = 0; round < ROUNDS; round += 1) {
      await load.untilAcknowledged(500);
      await locker.query('begin; lock table task in access exclusive mode');
      const locked = performance.now();
      // Nobody has waited for as long as a statement may: it is the pool that has no connection left.
      await load.untilFailing(locked);
      const { rowCount } = await locker.query(WAITING);
      if (rowCount !== POOL_SIZE) tally.fail(`${String(rowCount)} connections wait for the lock`);
      await delay(HELD - (performance.now() - locked));
      await locker.query('rollback');
      await load.recovery(performance.now());
    }
    await locker.end();
    await load.verify(DATABASE_URL);
    await program.kill('SIGTERM');
  },
};
