import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Load } from '../load.ts';
import { built } from '../postgres.ts';
import { type Context, type Scenario, startProgram, timesOf } from '../scenario.ts';

/** Changes that are acknowledged between two kills, at least. */
const BETWEEN = 150;

interface Database {
  readonly variables: Record<string, string>;
  readonly url: () => Promise<string>;
}

/** Kills the app again and again, each time while it writes, and starts another on the same port. */
async function killApp(context: Context, times: number, { variables, url }: Database) {
  const { tally } = context;
  const first = await startProgram(context, variables);
  let { program } = first;
  const { port } = new URL(first.url);
  // The app cannot answer while it is down; that it must not lose anything is the point.
  const load = await Load.start(first.url, tally, { tolerates: ['cut'] });
  for (let kill = 0; kill < times; kill += 1) {
    await load.untilAcknowledged(BETWEEN);
    // Not in step with the changes.
    await delay(Math.random() * 50);
    await program.kill('SIGKILL');
    ({ program } = await startProgram(context, { ...variables, PORT: port }));
    await load.recovery(performance.now());
  }
  await load.verify(await url());
  const { code } = await program.kill('SIGTERM');
  if (code !== 0) tally.fail(`exit code ${String(code)} after SIGTERM`);
}

export const kill: Scenario = {
  name: 'kill',
  title: ({ kills }) => `app killed, ${String(kills)} times`,
  async run(context) {
    const DATABASE_URL = await context.postgres.createDatabase();
    const url = () => Promise.resolve(DATABASE_URL);
    await killApp(context, context.size.kills, { variables: { DATABASE_URL }, url });
  },
};

/** The URL of the embedded PostgreSQL, which only the app itself is told. */
export async function embeddedUrl(dataDir: string): Promise<string> {
  type Embedded = typeof import('../../../src/embedded-postgres/embedded-postgres.ts');
  const { runningEmbeddedUrl } = await built<Embedded>('embedded-postgres');
  return runningEmbeddedUrl(dataDir);
}

export const killEmbedded: Scenario = {
  name: 'kill-embedded',
  title: (size) => `the same with the embedded PostgreSQL, ${String(timesOf(size))} times`,
  async run(context) {
    const dataDir = join(context.folder, 'kill-embedded');
    const url = () => embeddedUrl(dataDir);
    await killApp(context, timesOf(context.size), { variables: { DATA_DIR: dataDir }, url });
  },
};
