import { setTimeout as delay } from 'node:timers/promises';
import { claims, now, signWithSecret } from '../../support/secret-mode.ts';
import { HttpClient, type Request } from '../http-client.ts';
import { type Context, type Scenario, startProgram } from '../scenario.ts';
import { createLargeTasks, stallReader } from './stalled.ts';

const TASKS = '/api/v1/tasks';
/** Milliseconds of the attack, and of the quiet before it. */
const ATTACK_MS = 60_000;
const QUIET_MS = 20_000;
/** Milliseconds between two requests of the other user: fewer than a minute allows. */
const PACE_MS = 120;
const CONNECTIONS = 40;
/** How many times its quiet p99 another user may wait, and the milliseconds of a p99 that is no slower. */
const MAX_RATIO = 10;
const LEAST_P99_MS = 25;

const repeated = (text: string, count: number) => Array<string>(count).fill(text).join('');

/** Requests that cost as much as one request can: valid ones, and ones that are refused late. */
function worstRequests(): Request[] {
  const create = (description: string) => ({ op: 'create', task: { title: 'ﷺ', description } });
  const batch = (operations: unknown[]) => ({
    method: 'POST',
    path: `${TASKS}/batch`,
    json: { operations },
  });
  const words = Array.from({ length: 15 }, (_, n) => String.fromCodePoint(97 + n)).join(' ');
  const members = Object.fromEntries(
    Array.from({ length: 20_000 }, (_, n) => [`m${String(n)}`, n]),
  );
  return [
    batch(Array(100).fill(create(repeated('word ', 2_000)))),
    batch(Array(33).fill(create(repeated('ﷺ', 10_000)))),
    batch(Array(100).fill({ op: 'none' })),
    { path: `${TASKS}?limit=200&sort=title&count=true&q=${encodeURIComponent(words)}` },
    { path: `${TASKS}?limit=200&sort=-due&count=true` },
    { method: 'POST', path: TASKS, json: members },
    { method: 'POST', path: TASKS, json: { title: repeated('あ', 80_000) } },
  ];
}

/** Sends the worst on many connections until it is stopped; counts the statuses. */
async function attack(url: string, token: string, signal: AbortSignal): Promise<string> {
  const client = new HttpClient(url);
  const headers = { authorization: `Bearer ${token}` };
  const counts = new Map<string, number>();
  const requests = worstRequests();
  const one = async (_: unknown, first: number) => {
    for (let n = first; !signal.aborted; n += 1) {
      const request = requests[n % requests.length] ?? { path: TASKS };
      const { status } = await client.send({ ...request, headers });
      counts.set(String(status), (counts.get(String(status)) ?? 0) + 1);
    }
  };
  const readers = Array.from({ length: CONNECTIONS }, () => stallReader(url, token));
  await Promise.all(Array.from({ length: CONNECTIONS }, one));
  for (const reader of readers) reader.destroy();
  client.close();
  return [...counts]
    .sort()
    .map(([status, count]) => `${status}: ${String(count)}`)
    .join(', ');
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
    const stop = new AbortController();
    const attacker = attack(url, hers, stop.signal);
    const greedyP99 = await measureOther(context, url, his, ATTACK_MS);
    stop.abort();
    const statuses = await attacker;
    const ratio = greedyP99 / Math.max(quiet, LEAST_P99_MS);
    print(`p99 of another user: ${quiet.toFixed(1)} ms quiet, ${greedyP99.toFixed(1)} ms attacked`);
    print(`statuses of the account that does its worst: ${statuses}`);
    if (!(ratio < MAX_RATIO)) tally.fail(`p99 is ${ratio.toFixed(1)} times the quiet one`);
    if (/\b500:/.test(statuses)) tally.fail('the attack found a 500');
    await program.kill('SIGTERM');
  },
};
