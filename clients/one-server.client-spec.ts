import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { signUp, type TestUser } from '../test/support/client.js';
import { createDatabase } from '../test/support/database.js';
import { addressAt, createFeed, parseCalendar } from '../test/support/feeds.js';
import { connect } from '../test/support/mcp.js';
import { createToken } from '../test/support/personal-tokens.js';
import { Program } from '../test/support/program.js';
import { createClient, personalToken } from './typescript/src/index.js';
import { execute, preparePythonClient } from './walk.js';

/** Clients of every kind do their work for one user, against one server, and see what the others have done. */

let folder: string;
let python: string;
let url: string;
let ada: TestUser;
let token: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'taskward-one-server-'));
  python = await preparePythonClient('one-server');
  const program = new Program({ DATABASE_URL: await createDatabase(), HOST: '127.0.0.1' }, folder);
  url = (await program.ready()).replace('localhost', '127.0.0.1');
  ada = await signUp(url);
  ({ token } = await createToken(ada));
});
afterAll(async () => {
  await Program.killAll();
  await rm(folder, { recursive: true, force: true });
});

const runScript = (title: string) =>
  execute(
    folder,
    'env',
    ...[`TASKWARD_URL=${url}`, `TASKWARD_TOKEN=${token}`],
    ...['sh', join(process.cwd(), 'clients/shell/tasks.sh'), title],
  );

it('a shell script with curl adds tasks, and lists them page by page', async () => {
  for (const title of ['Buy milk', 'Say "hi" \\ wave']) await runScript(title);
  const printed = await runScript('Water the plants');
  expect(printed.split('\n')).toEqual(['Water the plants', 'Say "hi" \\ wave', 'Buy milk', '']);
});

it('a shell script ends with what the server says about an error', async () => {
  await expect(runScript('x'.repeat(256))).rejects.toThrow('must be at most 255 characters');
});

it('the TypeScript client gives what the script has added a date', async () => {
  const client = createClient({ baseUrl: url, getToken: personalToken(token) });
  const found: string[] = [];
  for await (const { data } of client.pages('/api/v1/tasks', { q: 'plants', limit: 1 })) {
    for (const { id } of data) {
      const params = { path: { id } };
      const { data: task } = await client.PATCH('/api/v1/tasks/{id}', {
        params,
        body: { due: '2036-12-24' },
      });
      found.push(task.title);
    }
  }
  expect(found).toEqual(['Water the plants']);
});

it('the Python client completes what the script has added', async () => {
  const example = join(python, 'examples/complete.py');
  expect(await execute(python, 'python', example, url, token, 'Buy milk')).toBe('Buy milk True\n');
});

it('a client of MCP finds what is left, and adds a task', async () => {
  const { call } = await connect(url, { token });
  const { result } = await call<{ data: { title: string; due: string | null }[] }>('search_tasks', {
    q: 'plants',
  });
  expect(result.data).toMatchObject([{ title: 'Water the plants', due: '2036-12-24' }]);
  const { isError } = await call('create_task', { title: 'Call the plumber', due: '2036-12-25' });
  expect(isError).toBe(false);
});

it('a calendar reader sees the work of all of them', async () => {
  const feed = await createFeed(ada, { as: 'todos' });
  const response = await fetch(addressAt(url, feed));
  const summaries = parseCalendar(await response.text())
    .getAllSubcomponents('vtodo')
    .map((task) =>
      ['summary', 'status', 'due'].map((name) => task.getFirstPropertyValue(name)?.toString()),
    );
  expect(summaries.sort()).toEqual([
    ['Buy milk', 'COMPLETED', undefined],
    ['Call the plumber', 'NEEDS-ACTION', '2036-12-25'],
    ['Say "hi" \\ wave', 'NEEDS-ACTION', undefined],
    ['Water the plants', 'NEEDS-ACTION', '2036-12-24'],
  ]);
});
