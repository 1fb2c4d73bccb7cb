import { request as open, type ClientRequest } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { memoryOf } from './cpu.ts';
import { run } from './compare.ts';
import type { Mode } from './options.ts';
import type { Own } from './report.ts';
import { API, CONNECTIONS, request } from './scenarios.ts';
import type { Side } from './sides.ts';
import type { Stand } from './stand.ts';
import { signUp, type User } from './user.ts';

const WRITES_PER_SECOND = 500;
/** Users who write, each with a stream on both instances. */
const WRITERS = 10;
const IDLE_STREAMS = 1_000;
const STREAMS_PER_USER = 10;
/** Long enough for a heartbeat of every stream. */
const IDLE_MS = 20_000;
const SIGN_UPS_AT_ONCE = 4;

const AT = '"at":"';
const AT_LENGTH = '2026-11-28T09:00:00.000Z'.length;

/** A stream that measures, for each change, the time from its write to its arrival (ms). */
class Stream {
  readonly delays: number[] = [];
  readonly #request: ClientRequest;
  readonly opened: Promise<void>;

  constructor({ origin }: Side, { token }: User) {
    this.#request = open(`${origin}/api/v1/changes/stream`, {
      agent: false,
      headers: { authorization: `Bearer ${token}` },
    });
    this.opened = new Promise((resolve, reject) => {
      this.#request.once('error', reject).once('response', (response) => {
        if (response.statusCode !== 200) reject(new Error(`stream: ${response.statusCode ?? 0}`));
        let rest = '';
        response.setEncoding('utf8').on('data', (text: string) => {
          const lines = (rest + text).split('\n');
          rest = lines.pop() ?? '';
          for (const line of lines) this.#read(line);
          resolve();
        });
        response.once('error', () => undefined);
      });
    });
    this.#request.on('error', () => undefined).end();
  }

  close(): void {
    this.#request.destroy();
  }

  #read(line: string): void {
    if (!line.startsWith('data: ')) return;
    const start = line.indexOf(AT) + AT.length;
    this.delays.push(Date.now() - Date.parse(line.slice(start, start + AT_LENGTH)));
  }
}

async function openStreams(side: Side, users: readonly User[]): Promise<Stream[]> {
  const streams: Stream[] = [];
  for (const user of users) {
    const stream = new Stream(side, user);
    streams.push(stream);
    await stream.opened;
  }
  return streams;
}

async function signUpMany(side: Side, count: number): Promise<User[]> {
  const users: User[] = [];
  while (users.length < count) {
    const some = Math.min(SIGN_UPS_AT_ONCE, count - users.length);
    users.push(...(await Promise.all(Array.from({ length: some }, () => signUp(side)))));
  }
  return users;
}

const quantile = (sorted: readonly number[], part: number) =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? Number.NaN;

function delayOf(name: string, where: string, streams: readonly Stream[]): Own {
  const delays = streams.flatMap((stream) => stream.delays).sort((a, b) => a - b);
  const [p50, p99, max] = [quantile(delays, 0.5), quantile(delays, 0.99), quantile(delays, 1)];
  return {
    name,
    title: `p99 from a write to its event ${where}, ${String(WRITES_PER_SECOND)} writes a second`,
    unit: 'ms',
    value: p99,
    goal: 100,
    details: `p50 ${String(p50)} ms, maximum ${String(max)} ms, ${String(delays.length)} events`,
  };
}

/** Measures the delay of streams, on the instance that writes and on another one. */
async function measureDelays(stand: Stand, other: Side, mode: Mode): Promise<Own[]> {
  const { ours } = stand;
  const users = await signUpMany(ours, WRITERS);
  const [here, there] = [await openStreams(ours, users), await openStreams(other, users)];
  const text = JSON.stringify(API.newTask);
  const requests = users.map(({ token }) =>
    request('POST', API.tasks, token, { type: 'application/json', text }),
  );
  const seconds = mode === 'quick' ? 5 : 20;
  await run(stand, ours, { connections: CONNECTIONS, rate: WRITES_PER_SECOND, seconds, requests });
  await delay(1_000);
  for (const stream of [...here, ...there]) stream.close();
  return [
    delayOf('changes', 'on the same instance', here),
    delayOf('changes-across', 'on another instance', there),
  ];
}

/** Measures the memory of streams on which nothing happens. */
async function measureIdle(stand: Stand, other: Side): Promise<Own> {
  const users = await signUpMany(stand.ours, IDLE_STREAMS / STREAMS_PER_USER);
  const all = users.flatMap((user) => Array.from({ length: STREAMS_PER_USER }, () => user));
  // Code that has not run yet takes memory as well.
  const first = await openStreams(other, all.slice(0, IDLE_STREAMS / 10));
  for (const stream of first) stream.close();
  await delay(2_000);
  const before = memoryOf(other.service.pid);
  const streams = await openStreams(other, all);
  await delay(IDLE_MS);
  const after = memoryOf(other.service.pid);
  for (const stream of streams) stream.close();
  return {
    name: 'changes-memory',
    title: `memory of ${IDLE_STREAMS.toLocaleString('en')} idle streams`,
    unit: 'MiB',
    value: after - before,
    goal: 40,
    details: `${before.toFixed(0)} MiB → ${after.toFixed(0)} MiB`,
  };
}

/** @param other a second instance on the same database. */
export async function measureChanges(stand: Stand, other: Side, mode: Mode): Promise<Own[]> {
  return [...(await measureDelays(stand, other, mode)), await measureIdle(stand, other)];
}
