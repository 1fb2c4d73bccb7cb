import { measureBody } from './body.ts';
import { measureChanges } from './changes.ts';
import { measureBytes } from './bytes.ts';
import { run } from './compare.ts';
import { compareGrowth } from './growth.ts';
import { median } from './median.ts';
import { memoryOf } from './cpu.ts';
import type { Mode } from './options.ts';
import { measureObserved } from './observed.ts';
import { measureOrganising } from './organise.ts';
import { freePort } from '../test/support/free-port.ts';
import type { Own } from './report.ts';
import { API, CONNECTIONS, LIST, request, SCENARIOS } from './scenarios.ts';
import { type DatabaseSide, startOurs } from './sides.ts';
import type { Stand } from './stand.ts';
import { signIn, signUp, type User } from './user.ts';

const SIGN_INS = 16;
const MANY_CONNECTIONS = 1_000;
const STARTS = 5;

/** Number of requests before memory is first measured, and how many follow. */
const WARM_REQUESTS = 100_000;
const MORE_REQUESTS = 500_000;
/** Maximum duration of a job in seconds. */
const MAX_SECONDS = 600;

const list = ({ subject }: Stand) => ({ requests: [request('GET', LIST, subject.token)] });

/** Starts another process of our side on the same database, which accepts the same tokens. */
async function startAnother(
  { ours, folder, identity }: Stand,
  variables: Readonly<Record<string, string>> = {},
): Promise<DatabaseSide> {
  return startOurs(ours.database, folder, { identity, port: await freePort(), variables });
}

/** Signs in repeatedly until stopped, and counts; on a busy machine some are rejected by a timeout. */
async function signInUntil(
  { ours }: Stand,
  user: User,
  signIns: { done: number; rejected: number },
  stopped: { now: boolean },
): Promise<void> {
  const one = async () => {
    while (!stopped.now) {
      const status = await signIn(ours, user);
      if (status === 200) signIns.done += 1;
      else if (status === 503) signIns.rejected += 1;
      else throw new Error(`sign-in: status ${String(status)}`);
    }
  };
  await Promise.all(Array.from({ length: SIGN_INS }, one));
}

/** Measures the list while passwords are being hashed. */
async function storm(stand: Stand, mode: Mode): Promise<Own> {
  const load = { ...list(stand), connections: 1, seconds: mode === 'quick' ? 1 : 2 };
  const calm: number[] = [];
  const stormy: number[] = [];
  const signIns = { done: 0, rejected: 0 };
  // Not the reader: a user's oldest session ends when there are too many.
  const user = await signUp(stand.ours);
  for (let round = 0; round < 5; round += 1) {
    calm.push((await run(stand, stand.ours, load)).p50);
    const stopped = { now: false };
    const storming = signInUntil(stand, user, signIns, stopped);
    try {
      stormy.push((await run(stand, stand.ours, load)).p50);
    } finally {
      stopped.now = true;
      await storming;
    }
  }
  const [a, b] = [median(calm), median(stormy)];
  const { done, rejected } = signIns;
  const counts = `${String(done)} sign-ins${rejected > 0 ? `, ${String(rejected)} rejected` : ''}`;
  return {
    name: 'storm',
    title: `median of the list, ${String(SIGN_INS)} sign-ins at once`,
    unit: '×',
    value: b / a,
    goal: 2,
    details: `${a.toFixed(2)} ms → ${b.toFixed(2)} ms, ${counts}`,
  };
}

async function start(stand: Stand): Promise<Own[]> {
  const seconds: number[] = [];
  const memory: number[] = [];
  for (let i = 0; i < STARTS; i += 1) {
    const begun = performance.now();
    const side = await startAnother(stand);
    seconds.push((performance.now() - begun) / 1_000);
    memory.push(memoryOf(side.service.pid));
    await side.service.stop();
  }
  return [
    {
      name: 'start',
      title: 'start, to the first 200 of `/health/ready`',
      unit: 's',
      value: median(seconds),
      goal: 1,
      details: seconds.map((value) => value.toFixed(2)).join(', '),
    },
    {
      name: 'start-memory',
      title: 'memory at that moment',
      unit: 'MiB',
      value: median(memory),
      goal: 150,
      details: 'resident',
    },
  ];
}

/** Measures p95 with many connections, at half the rate that 16 connections reach. */
async function connections(stand: Stand): Promise<Own> {
  const { ours } = stand;
  const load = list(stand);
  const peak = await run(stand, ours, { ...load, connections: CONNECTIONS, seconds: 3 });
  const rate = peak.perSecond / 2;
  const result = await run(stand, ours, {
    ...load,
    connections: MANY_CONNECTIONS,
    rate,
    seconds: 10,
  });
  return {
    name: 'connections',
    title: `p95 of the list, ${String(MANY_CONNECTIONS)} connections at half the peak`,
    unit: 'ms',
    value: result.p95,
    goal: 200,
    details: `${rate.toFixed(0)}/s, ${String(result.responses)} responses, no errors`,
  };
}

/** Measures the memory of a process after a mixture of requests. */
async function memory(stand: Stand, mode: Mode): Promise<Own[]> {
  const { subject } = stand;
  const requests = ['list', 'get', 'me', 'create'].flatMap((name) => {
    const all = SCENARIOS.find((scenario) => scenario.name === name)?.requests(subject, API) ?? [];
    // A list and four other requests: roughly what users do.
    return name === 'get' ? all.slice(0, 2) : all;
  });
  const side = await startAnother(stand);
  /** Sends as many as time permits; returns how many, in words. */
  const send = async (maxRequests: number): Promise<string> => {
    const load = { connections: CONNECTIONS, seconds: MAX_SECONDS, requests, maxRequests };
    const { responses } = await run(stand, side, load);
    return responses.toLocaleString('en');
  };
  const first = await send(WARM_REQUESTS);
  const warm = memoryOf(side.service.pid);
  const own: Own[] = [
    {
      name: 'memory',
      title: `memory after ${first} requests`,
      unit: 'MiB',
      value: warm,
      goal: 150,
      details: 'resident',
    },
  ];
  if (mode === 'full') {
    const second = await send(MORE_REQUESTS);
    const later = memoryOf(side.service.pid);
    own.push({
      name: 'memory-growth',
      title: `memory after ${second} more`,
      unit: '×',
      value: later / warm,
      goal: 1.1,
      details: `${warm.toFixed(0)} MiB → ${later.toFixed(0)} MiB`,
    });
  }
  await side.service.stop();
  return own;
}

/** Measures the requested figures of our side alone. */
export async function measureOwn(
  stand: Stand,
  names: ReadonlySet<string>,
  mode: Mode,
): Promise<Own[]> {
  const own: Own[] = [];
  if (names.has('storm')) own.push(await storm(stand, mode));
  if (names.has('start')) own.push(...(await start(stand)));
  if (names.has('body')) own.push(await measureBody());
  if (names.has('bytes')) own.push(await measureBytes(stand));
  if (names.has('organise')) own.push(...(await measureOrganising(stand, mode)));
  if (names.has('observed')) {
    own.push(...(await measureObserved(stand, mode, (more) => startAnother(stand, more))));
  }
  if (names.has('changes')) {
    const other = await startAnother(stand);
    own.push(...(await measureChanges(stand, other, mode)));
    await other.service.stop();
  }
  if (names.has('connections')) own.push(await connections(stand));
  if (names.has('memory')) own.push(...(await memory(stand, mode)));
  if (names.has('growth')) own.push(...(await compareGrowth(stand)));
  return own;
}
