import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { seedSearched } from '../../../bench/bounds-seed.ts';
import { claims, now, signWithSecret } from '../../support/secret-mode.ts';
import { HttpClient, type Request } from '../http-client.ts';
import { type Context, type Scenario, startProgram } from '../scenario.ts';
import { createLargeTasks } from './stalled.ts';

const TASKS = '/api/v1/tasks';
/** The quiet before the attack lasts a third of it. */
const QUIET_SHARE = 1 / 3;
/** Milliseconds between two requests of the other user: fewer than a minute allows. */
const PACE_MS = 120;
/** How many times its quiet p99 another user may wait, and the milliseconds of a p99 that is no slower. */
const MAX_RATIO = 10;
const LEAST_P99_MS = 25;

const ATTACKER = 'mallory';

/** By the limits of a user most of the attack is refused; with higher ones more of it is done. */
const LIMITS = [
  { title: 'limits as they are set', limits: {} },
  {
    title: 'ten times the limits',
    limits: { RATE_LIMIT_PER_MINUTE: '6000', QUOTA_MEGABYTES: '2000' },
  },
] as const;

/** Starts the attack, in a thread of its own: what it costs to send must not delay the measurement. */
async function startAttack(url: string, token: string) {
  const worker = new Worker(new URL('../attack.ts', import.meta.url), {
    workerData: { url, token },
  });
  const statuses = once(worker, 'message');
  await once(worker, 'online');
  return async (): Promise<string> => {
    worker.postMessage('stop');
    const [text] = (await statuses) as [string];
    await worker.terminate();
    return text;
  };
}

/** Reads and writes at a steady pace as another user; returns the p99 in milliseconds. */
async function measureOther(
  { tally }: Context,
  url: string,
  token: string,
  milliseconds: number,
): Promise<number> {
  const client = new HttpClient(url);
  const headers = { authorization: `Bearer ${token}` };
  const taken: number[] = [];
  const requests: Promise<void>[] = [];
  const send = async (request: Request, expected: number) => {
    const begin = performance.now();
    const { status } = await client.send({ ...request, headers });
    taken.push(performance.now() - begin);
    if (status !== expected) tally.fail(`another user got ${String(status)}`);
    else if (expected === 201) tally.acknowledged += 1;
    else tally.reads += 1;
  };
  const end = performance.now() + milliseconds;
  for (let n = 0; performance.now() < end; n += 1) {
    const isWrite = n % 4 === 0;
    const write = { method: 'POST', path: TASKS, json: { title: 'mine' } };
    // On time, however long the response before it takes.
    requests.push(isWrite ? send(write, 201) : send({ path: `${TASKS}?limit=20` }, 200));
    await delay(PACE_MS);
  }
  await Promise.all(requests);
  client.close();
  const sorted = taken.sort((a, b) => a - b);
  tally.slowest = Math.max(tally.slowest, (sorted.at(-1) ?? 0) / 1_000);
  return sorted[Math.floor(sorted.length * 0.99)] ?? Number.NaN;
}

const tokenOf = (sub: string) => signWithSecret(claims({ sub, exp: now() + 3600 }));

/** Compares the p99 of others before and during the attack. */
async function attackWith(
  context: Context,
  databaseUrl: string,
  { title, limits }: (typeof LIMITS)[number],
): Promise<void> {
  const { tally, print } = context;
  const attackMs = context.size.seconds * 1_000;
  const quietMs = attackMs * QUIET_SHARE;
  const variables = { DATABASE_URL: databaseUrl, RATE_LIMIT: 'on', ...limits };
  const { program, url } = await startProgram(context, variables);
  // Code is compiled, and connections are made.
  await measureOther(context, url, await tokenOf('warm-up'), quietMs / 4);
  const quiet = await measureOther(context, url, await tokenOf('quiet'), quietMs);
  const stopAttack = await startAttack(url, await tokenOf(ATTACKER));
  const attacked = await measureOther(context, url, await tokenOf('bob'), attackMs);
  const statuses = await stopAttack();
  const ratio = attacked / Math.max(quiet, LEAST_P99_MS);
  const times = `${quiet.toFixed(1)} ms quiet, ${attacked.toFixed(1)} ms attacked`;
  print(`${title}: p99 of another user ${times}; statuses of the attack: ${statuses}`);
  if (!(ratio < MAX_RATIO)) tally.fail(`p99 is ${ratio.toFixed(1)} times the quiet one`);
  if (/\b500:/.test(statuses)) tally.fail('the attack found a 500');
  await program.kill('SIGTERM');
}

export const greedy: Scenario = {
  name: 'greedy',
  title: ({ seconds }) => `one account does its worst, twice for ${String(seconds)} seconds`,
  async run(context: Context) {
    const databaseUrl = await context.postgres.createDatabase();
    const { program } = await startProgram(context, { DATABASE_URL: databaseUrl });
    await program.kill('SIGTERM');
    await createLargeTasks(databaseUrl, ATTACKER);
    await seedSearched(databaseUrl, ATTACKER);
    for (const limits of LIMITS) await attackWith(context, databaseUrl, limits);
  },
};
