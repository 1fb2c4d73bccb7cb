import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { Client } from 'pg';
import { startApp } from '../support/app.js';
import { asDatabaseOwner, createDatabase } from '../support/database.js';
import { callMessage, connect, post } from '../support/mcp.js';
import { Program } from '../support/program.js';
import { mintUser, SECRET_MODE } from '../support/tokens.js';
import { until } from '../support/until.js';

const RECORDER = new URL('../support/record-on-demand.ts', import.meta.url).href;

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'taskward-mcp-'));
});
afterAll(async () => {
  await Program.killAll();
  await rm(folder, { recursive: true, force: true });
});

it('loads the SDK with the first message, and logs a request as any other', async () => {
  const program = new Program(
    {
      ...SECRET_MODE,
      DATABASE_URL: await createDatabase(),
      LOG_LEVEL: 'info',
      NODE_OPTIONS: `--import=${RECORDER}`,
    },
    folder,
  );
  const url = (await program.ready()).replace('localhost', '127.0.0.1');
  const ada = await mintUser(url, 'ada');
  await ada.create({ title: 'a secret title' });
  expect((await post(url, callMessage('list_tasks'))).status).toBe(401);
  expect(program.output).not.toContain('loads @modelcontextprotocol');
  const args = { title: 'a secret title' };
  const { headers } = await post(url, callMessage('create_task', args), { token: ada.token });
  expect(program.output).toContain('loads @modelcontextprotocol/sdk');
  const metrics = await (await fetch(`${url}/metrics`)).text();
  expect(metrics).toMatch(
    /^http_request_duration_seconds_count\{[^}]*route="\/mcp"[^}]*status="200"[^}]*\} 1$/m,
  );
  const { output } = await program.kill('SIGTERM');
  const lines = output.split('\n').filter((line) => line.includes('"path":"/mcp"'));
  expect(lines.map((line) => JSON.parse(line) as object)).toMatchObject([
    { msg: 'request', status: 401, address: '127.0.0.1' },
    {
      ...{ msg: 'request', method: 'POST', route: '/mcp', status: 200, userId: 'ada' },
      requestId: headers.get('x-request-id'),
    },
  ]);
  expect(output).not.toContain('a secret title');
});

it('shares the connections of a user fairly', async () => {
  const app = await startApp({ ...SECRET_MODE, MAX_CONCURRENT_PER_USER: '1' });
  const client = new Client({ connectionString: app.databaseUrl });
  await client.connect();
  try {
    const [ada, bob] = [await mintUser(app.url, 'ada'), await mintUser(app.url, 'bob')];
    const { id } = await ada.create();
    const user = await connect(app.url, ada);
    await client.query(`begin; select from task where id = '${id}' for update`);
    const write = () => user.call('update_task', { id, title: 'New' });
    const held = write();
    await until(async () => {
      const waiting = await asDatabaseOwner(
        app,
        `select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
      );
      return waiting.length === 1;
    });
    const queued = Array.from({ length: 101 }, write);
    const refused = await Promise.race(queued);
    expect(refused.problem).toMatchObject({ code: 'too_many_concurrent_requests', status: 429 });
    const other = await connect(app.url, bob);
    expect((await other.call('create_task', { title: 'Mine' })).isError).toBe(false);
    await client.query('rollback');
    expect((await held).isError).toBe(false);
    await Promise.all(queued);
  } finally {
    await client.end();
    await app.close();
  }
});
