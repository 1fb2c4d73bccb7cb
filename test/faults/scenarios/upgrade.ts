import { Client } from 'pg';
import { Instances } from '../../support/instances.ts';
import { buildPrevious } from '../../support/previous-build.ts';
import { SECRET_MODE } from '../../support/secret-mode.ts';
import { Load } from '../load.ts';
import type { Context, Scenario } from '../scenario.ts';

const INSTANCES = [0, 1];
/** Changes that are acknowledged between two replacements, at least. */
const BETWEEN = 150;

/** A load that leaves the processor to the instances that start. */
const LIGHT = { users: 3, workersPerUser: 1 };

async function migrationsOf(connectionString: string): Promise<string[]> {
  const client = new Client({ connectionString });
  await client.connect();
  const { rows } = await client
    .query<{ name: string }>('select name from migration order by id')
    .finally(() => client.end());
  return rows.map(({ name }) => name);
}

/** Everything that runs. */
interface Stage {
  readonly context: Context;
  readonly instances: Instances;
  readonly load: Load;
  readonly databaseUrl: string;
  /** `dist` of the previous version. */
  readonly previous: string;
}

/** Replaces an instance by one of the other version, while the others serve; returns seconds to its start. */
async function replace({ context, instances, load }: Stage, index: number, build?: string) {
  const { code } = await instances.stop(index, 'SIGTERM');
  if (code !== 0) context.tally.fail(`exit code ${String(code)} after SIGTERM`);
  const stopped = performance.now();
  await instances.restart(index, build);
  const seconds = (performance.now() - stopped) / 1_000;
  await load.recovery(performance.now());
  await load.untilAcknowledged(BETWEEN);
  return seconds;
}

/** One instance after the other, the first of which migrates. */
async function goForward(stage: Stage): Promise<void> {
  const { context, load, databaseUrl } = stage;
  const before = await migrationsOf(databaseUrl);
  const acknowledged = load.tally.acknowledged;
  const seconds = await replace(stage, 0);
  const added = (await migrationsOf(databaseUrl)).filter((name) => !before.includes(name));
  context.print(
    `migrated (${added.join(', ') || 'nothing'}) and ready after ${seconds.toFixed(1)} s, while the previous version acknowledged ${String(load.tally.acknowledged - acknowledged)} changes`,
  );
  for (const index of INSTANCES.slice(1)) await replace(stage, index);
}

async function goBack(stage: Stage): Promise<void> {
  const { context, load, previous } = stage;
  const acknowledged = load.tally.acknowledged;
  for (const index of INSTANCES) await replace(stage, index, previous);
  const back = load.tally.acknowledged - acknowledged;
  context.print(`back to the previous version on the newer schema: ${String(back)} changes`);
}

export const upgrade: Scenario = {
  name: 'upgrade',
  title: () => 'two instances upgraded one by one, and back to the previous version',
  async run(context) {
    const { tally, postgres, print } = context;
    const previous = await buildPrevious();
    const databaseUrl = await postgres.createDatabase();
    const settings = { ...SECRET_MODE, RATE_LIMIT: 'off', LOG_LEVEL: 'silent' };
    const instances = await Instances.start(
      { ...settings, DATABASE_URL: databaseUrl },
      INSTANCES.map(() => previous),
    );
    try {
      // An instance that stops may have a write: nginx does not repeat it, and its outcome is looked up.
      const load = await Load.start(instances.url, tally, { ...LIGHT, tolerates: [503] });
      const stage = { context, instances, load, databaseUrl, previous };
      await load.untilAcknowledged(BETWEEN);
      await goForward(stage);
      await goBack(stage);
      await load.verify(databaseUrl);
      print(load.client.summary);
    } finally {
      await instances.close();
    }
  },
};
