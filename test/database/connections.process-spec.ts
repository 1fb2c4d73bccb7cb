import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { HttpClient, type Outcome } from '../faults/http-client.ts';
import { send } from '../support/client.js';
import { createDatabase } from '../support/database.js';
import { Program } from '../support/program.js';
import { mintUser, SECRET_MODE } from '../support/tokens.js';

const CONNECTIONS = 1_000;
const USERS = 20;
const ROUNDS = 3;

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'taskward-connections-'));
});
afterAll(async () => {
  await Program.killAll();
  await rm(folder, { recursive: true });
});

/** How many files and sockets the process has open; undefined where that cannot be seen. */
async function handlesOf({ pid }: Program): Promise<number | undefined> {
  return (await readdir(`/proc/${String(pid)}/fd`).catch(() => undefined))?.length;
}

async function startProgram() {
  const variables = {
    ...SECRET_MODE,
    NODE_ENV: 'production',
    RATE_LIMIT: 'off',
    DATABASE_URL: await createDatabase(),
  };
  const program = new Program(variables, folder);
  const url = await program.ready();
  // One user may have a hundred requests waiting.
  const users = await Promise.all(
    Array.from({ length: USERS }, (_, n) => mintUser(url, `user-${String(n)}`)),
  );
  await Promise.all(users.map((user) => user.create()));
  return { program, url, users };
}

it('a thousand simultaneous connections all get responses, and leave nothing behind', async () => {
  const { program, url, users } = await startProgram();
  const client = new HttpClient(url);
  const requests = users.map(({ token }) => ({
    path: '/api/v1/tasks?limit=20',
    headers: { authorization: `Bearer ${token}` },
  }));
  const round = () =>
    Promise.all(
      requests.flatMap((request) =>
        Array.from({ length: CONNECTIONS / USERS }, () => client.send(request)),
      ),
    );
  const before = await handlesOf(program);
  const outcomes: Outcome[] = [];
  for (let n = 0; n < ROUNDS; n += 1) outcomes.push(...(await round()));
  const during = await handlesOf(program);

  expect([...new Set(outcomes.map(({ status }) => status))]).toEqual([200]);
  expect((await send(`${url}/health/ready`)).status).toBe(200);
  client.close();
  if (before === undefined || during === undefined) return;
  expect(during - before).toBeGreaterThanOrEqual(CONNECTIONS);
  let after = during;
  for (let n = 0; n < 50 && after > before + 20; n += 1) {
    await delay(100);
    after = (await handlesOf(program)) ?? 0;
  }
  // The pool's connections to PostgreSQL stay.
  expect(after).toBeLessThanOrEqual(before + 20);
}, 60_000);
