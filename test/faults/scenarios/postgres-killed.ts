import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Load } from '../load.ts';
import { postmasterOf, untilResponding } from '../postgres.ts';
import { type Context, type Scenario, startProgram, timesOf } from '../scenario.ts';
import { embeddedUrl } from './kill.ts';

const BETWEEN = 500;
/** Milliseconds that the server stays away. */
const AWAY = 2_000;

/** While the database is away the app is up, not ready, and says so at once. */
async function expectOutage({ client, tally }: Load): Promise<void> {
  const live = await client.send({ path: '/health/live' });
  if (live.status !== 200) tally.fail(`/health/live: ${String(live.status)}`);
  const ready = await client.send({ path: '/health/ready' });
  const retryAfter = Number(ready.headers?.['retry-after']);
  if (ready.status !== 503 || !(retryAfter > 0)) {
    tally.fail(`/health/ready without a database: ${String(ready.status)}`);
  }
}

export const postgresKilled: Scenario = {
  name: 'postgres',
  title: (size) => `PostgreSQL killed and started again, ${String(timesOf(size))} times`,
  async run(context: Context) {
    const { postgres, size, tally } = context;
    const DATABASE_URL = await postgres.createDatabase();
    const { program, url } = await startProgram(context, { DATABASE_URL });
    const load = await Load.start(url, tally, { tolerates: [503] });
    for (let time = 0; time < timesOf(size); time += 1) {
      await load.untilAcknowledged(BETWEEN);
      const killed = performance.now();
      await postgres.kill();
      await load.untilFailing(killed);
      await expectOutage(load);
      await delay(AWAY);
      await expectOutage(load);
      await postgres.startAgain();
      await load.recovery(performance.now());
    }
    await load.verify(DATABASE_URL);
    await program.kill('SIGTERM');
  },
};

export const embeddedKilled: Scenario = {
  name: 'postgres-embedded',
  title: (size) => `embedded PostgreSQL killed, ${String(timesOf(size))} times`,
  async run(context: Context) {
    const { size, tally } = context;
    const dataDir = join(context.folder, 'postgres-embedded');
    const { program, url } = await startProgram(context, { DATA_DIR: dataDir });
    const databaseUrl = await embeddedUrl(dataDir);
    const load = await Load.start(url, tally, { tolerates: [503] });
    for (let time = 0; time < timesOf(size); time += 1) {
      await load.untilAcknowledged(BETWEEN);
      const killed = performance.now();
      process.kill(await postmasterOf(dataDir), 'SIGKILL');
      await load.untilFailing(killed);
      await load.recovery(await untilResponding(databaseUrl));
    }
    await load.verify(databaseUrl);
    await program.kill('SIGTERM');
  },
};
