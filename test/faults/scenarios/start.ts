import { Client } from 'pg';
import { Load } from '../load.ts';
import { type Context, type Scenario, startProgram, timesOf } from '../scenario.ts';

const INSTANCES = 3;

/** How often the migration that ran most often ran. */
async function mostRuns(connectionString: string): Promise<number> {
  const client = new Client({ connectionString });
  await client.connect();
  const { rows } = await client
    .query<{ runs: number }>(
      'select count(*)::int as runs from migration group by name order by runs desc limit 1',
    )
    .finally(() => client.end());
  return rows[0]?.runs ?? 0;
}

export const start: Scenario = {
  name: 'start',
  title: (size) =>
    `${String(INSTANCES)} instances at once on an empty database, ${String(timesOf(size))} times`,
  async run(context: Context) {
    const { postgres, tally, size } = context;
    for (let time = 0; time < timesOf(size); time += 1) {
      const DATABASE_URL = await postgres.createDatabase();
      const starts = Array.from({ length: INSTANCES }, () =>
        startProgram(context, { DATABASE_URL }),
      );
      const instances = await Promise.all(starts);
      const runs = await mostRuns(DATABASE_URL);
      if (runs !== 1) tally.fail(`a migration ran ${String(runs)} times`);
      for (const { url } of instances) {
        // A new load has a ledger of its own: what the others have written must not look foreign.
        const load = await Load.start(url, tally, {});
        await load.untilAcknowledged(100);
        await load.stop();
        await load.verify(DATABASE_URL);
        await truncate(DATABASE_URL);
      }
      await Promise.all(instances.map(({ program }) => program.kill('SIGTERM')));
    }
  },
};

async function truncate(connectionString: string): Promise<void> {
  const client = new Client({ connectionString });
  await client.connect();
  await client.query('truncate task, idempotency_key').finally(() => client.end());
}
