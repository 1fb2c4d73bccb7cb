import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { claims, now, signWithSecret } from '../../support/secret-mode.ts';
import { HttpClient, type Request } from '../http-client.ts';
import { type Context, type Scenario, startProgram } from '../scenario.ts';
import { createLargeTasks } from './stalled.ts';

const TASKS = '/api/v1/tasks';
/** Milliseconds of the attack, and of the quiet before it. */
const ATTACK_MS = 60_000;
const QUIET_MS = 20_000;
/** Milliseconds between two requests of the other user: fewer than a minute allows. */
const PACE_MS = 120;
/** How many times its quiet p99 another user may wait, and the milliseconds of a p99 that is no slower. */
const MAX_RATIO = 10;
const LEAST_P99_MS = 25;

/** Starts the attack, in a thread of its own: what it costs to send must not delay the measurement. */
async function startAttack(url: string, token: string) {
  const worker = new Worker(new URL('../attack.ts', import.meta.url), {
    workerData: { url, token, tasks: TASKS },
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

export const greedy: Scenario = {
  name: 'greedy',
  title: () => 'one account does its worst for a minute',
  async run(context: Context) {
    const { postgres, tally, print } = context;
    const DATABASE_URL = await postgres.createDatabase();
    const { program, url } = await startProgram(context, { DATABASE_URL, RATE_LIMIT: 'on' });
    const tokenOf = (sub: string) => signWithSecret(claims({ sub, exp: now() + 3600 }));
    const [hers, his] = [await tokenOf('mallory'), await tokenOf('bob')];
    await createLargeTasks(DATABASE_URL, 'mallory');
    // Code is compiled, and connections are made.
    await measureOther(context, url, await tokenOf('warm-up'), QUIET_MS / 4);
    const quiet = await measureOther(context, url, await tokenOf('quiet'), QUIET_MS);
    const stopAttack = await startAttack(url, hers);
    const greedyP99 = await measureOther(context, url, his, ATTACK_MS);
    const statuses = await stopAttack();
    const ratio = greedyP99 / Math.max(quiet, LEAST_P99_MS);
    print(`p99 of another user: ${quiet.toFixed(1)} ms quiet, ${greedyP99.toFixed(1)} ms attacked`);
    print(`statuses of the account that does its worst: ${statuses}`);
    if (!(ratio < MAX_RATIO)) tally.fail(`p99 is ${ratio.toFixed(1)} times the quiet one`);
    if (/\b500:/.test(statuses)) tally.fail('the attack found a 500');
    await program.kill('SIGTERM');
  },
};
