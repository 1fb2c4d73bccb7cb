import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { HttpClient, type Request } from '../faults/http-client.ts';
import { createDatabase } from '../support/database.js';
import { Debugger, DEBUGGED } from '../support/debugger.js';
import { Program } from '../support/program.js';
import { mintUser, SECRET_MODE } from '../support/tokens.js';

const AT_ONCE = 16;
/** Until caches are full and code is compiled, and how many requests are then watched. */
const WARM_UP = 3_000;
const WATCHED = 3_000;
/** Bytes: fewer than an object with something in it, kept for every request, takes. */
const LEFT_BY_ONE = 250;

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'taskward-memory-'));
});
afterAll(async () => {
  await Program.killAll();
  await rm(folder, { recursive: true });
});

async function startLoad(variables: Record<string, string>) {
  const program = new Program(
    {
      ...SECRET_MODE,
      NODE_ENV: 'production',
      RATE_LIMIT: 'off',
      DATABASE_URL: await createDatabase(),
      ...variables,
    },
    folder,
  );
  const url = await program.ready();
  const ada = await mintUser(url, 'ada');
  const { id } = await ada.create();
  const headers = { authorization: `Bearer ${ada.token}` };
  const requests: readonly Request[] = [
    { path: '/api/v1/tasks?limit=20', headers },
    { path: `/api/v1/tasks/${id}`, headers },
    { path: '/api/v1/me', headers },
    { method: 'POST', path: '/api/v1/tasks', headers, json: { title: 'Buy milk' } },
    { method: 'PATCH', path: `/api/v1/tasks/${id}`, headers, json: { completed: true } },
    { path: '/api/v1/tasks/none', headers },
  ];
  const client = new HttpClient(url);
  const load = async (count: number) => {
    let left = count;
    const one = async () => {
      while (left > 0) {
        const request = requests[(left -= 1) % requests.length];
        if (request) expect((await client.send(request)).status).toBeLessThan(500);
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, one));
  };
  return { program, load };
}

/** A deliberate leak: useless objects kept for every request. */
const LEAK = `
  const kept = [];
  process
    .getBuiltinModule('node:diagnostics_channel')
    .subscribe('http.server.request.start', ({ request }) => {
      kept.push({ at: performance.now(), url: request.url, headers: { ...request.headers } });
    });`;

it('a request leaves nothing behind in memory, and a leak would be noticed', async () => {
  const { program, load } = await startLoad(DEBUGGED);
  const debug = await Debugger.attach(program);
  // Keeps compiled code that is unused for a while.
  await debug.run(`process.getBuiltinModule('node:v8').setFlagsFromString('--no-flush-bytecode')`);
  const leftByOne = async () => {
    const before = await debug.liveHeap();
    await load(WATCHED);
    return Math.round(((await debug.liveHeap()) - before) / WATCHED);
  };
  await load(WARM_UP);
  const left = await leftByOne();
  await debug.run(LEAK);
  const leaked = await leftByOne();
  debug.close();
  console.info(`bytes left by a request: ${JSON.stringify({ left, leaked })}`);
  expect(left).toBeLessThan(LEFT_BY_ONE);
  expect(leaked).toBeGreaterThan(LEFT_BY_ONE);
}, 120_000);
