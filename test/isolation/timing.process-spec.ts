import { afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { TasksRepository } from '../../src/tasks/tasks.repository.js';
import { useApp } from '../support/app.js';
import type { RequestOptions, TestUser } from '../support/client.js';
import { bareTask } from '../support/tasks.js';
import { mintUser, SECRET_MODE } from '../support/tokens.js';

/** How far, at most, the times of the same work lie apart: milliseconds, on a busy machine. */
const NOISE = 1.5;
const ROUNDS = 100;

const app = useApp(SECRET_MODE);
/** Id of a task of ada's, and one that nobody has. */
let theirs: string;
let unknown: string;
let eve: TestUser;

beforeAll(async () => {
  const ada = await mintUser(app.url, 'ada');
  eve = await mintUser(app.url, 'eve');
  theirs = (await ada.create({ title: 'Private' })).id;
  unknown = crypto.randomUUID();
});
afterEach(() => {
  jest.restoreAllMocks();
});

/** Sends a request of eve's that names a task. */
type Send = (id: string) => Promise<unknown>;

const send =
  (path: string, options: RequestOptions = {}): Send =>
  (id) =>
    eve.api(path.replace('{id}', id), options);

const READ = send('/tasks/{id}');

/** The lowest tenth: what else the machine does only adds to a time. */
const quick = (values: number[]) =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 10)] ?? 0;

/** Returns the difference in milliseconds of requests that take turns, so that noise meets both. */
async function measure(request: Send): Promise<number> {
  const times = new Map<string, number[]>([
    [theirs, []],
    [unknown, []],
  ]);
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const id of round % 2 === 0 ? [theirs, unknown] : [unknown, theirs]) {
      const start = performance.now();
      await request(id);
      times.get(id)?.push(performance.now() - start);
    }
  }
  const [first = 0, second = 0] = [...times.values()].map(quick);
  return Math.abs(first - second);
}

/** Returns the difference, measured again where it is large: noise passes, a real one stays. */
async function differenceOf(request: Send): Promise<number> {
  let difference = Infinity;
  for (let attempt = 0; attempt < 3 && difference >= NOISE; attempt += 1)
    difference = await measure(request);
  return difference;
}

describe("time reveals nothing about another user's task:", () => {
  it.each<{ name: string; request: Send }>([
    { name: 'read', request: READ },
    {
      name: 'read with an ETag',
      request: send('/tasks/{id}', { headers: { 'if-none-match': '"1"' } }),
    },
    { name: 'put', request: send('/tasks/{id}', { method: 'PUT', json: bareTask('x') }) },
    { name: 'delete', request: send('/tasks/{id}', { method: 'DELETE' }) },
    { name: 'restore', request: send('/tasks/{id}/restore', { method: 'POST' }) },
    {
      name: 'batch',
      request: (id) => {
        const operations = [{ op: 'update', id, patch: { title: 'Mine' } }];
        return eve.api('/tasks/batch', { method: 'POST', json: { operations } });
      },
    },
  ])('$name', async ({ request }) => {
    expect(await differenceOf(request)).toBeLessThan(NOISE);
  });

  it('and three milliseconds more are noticed', async () => {
    const find = Reflect.get(TasksRepository.prototype, 'find');
    jest.spyOn(TasksRepository.prototype, 'find').mockImplementation(async function (
      this: TasksRepository,
      ...parts
    ) {
      if (parts[1] === theirs) await new Promise((resolve) => setTimeout(resolve, 3));
      return find.apply(this, parts);
    });
    expect(await differenceOf(READ)).toBeGreaterThan(NOISE);
  });
});
