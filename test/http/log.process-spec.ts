import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { send } from '../support/client.js';
import { createDatabase } from '../support/database.js';
import { rowsOf } from '../support/docs-tables.js';
import { Program } from '../support/program.js';
import { parseResponses, speak } from '../support/raw.js';
import { mintUser, SECRET_MODE } from '../support/tokens.js';

const LOGGER = new URL('../../dist/common/logger.js', import.meta.url).href;
const ROOT = fileURLToPath(new URL('../..', import.meta.url));

interface Line {
  readonly msg: string;
  readonly requestId?: string;
  readonly userId?: string;
  readonly address?: string;
}

/** Fields of every line. */
const PINO_FIELDS = {
  level: 30,
  time: expect.any(Number),
  pid: expect.any(Number),
  hostname: expect.any(String),
  msg: 'request',
};

const linesOf = (output: string) =>
  output
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as Line);

/** Returns the output and the exit code of a program that logs. */
async function run(body: string) {
  const program = `
    import { createLogger } from '${LOGGER}';
    const log = createLogger({ LOG_LEVEL: 'info', LOG_FORMAT: 'json' });
    const many = (count) => { for (let n = 0; n < count; n += 1) log.info('line ' + n); };
    ${body}`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', program], { cwd: ROOT });
  const [output, errors] = await Promise.all([text(child.stdout), text(child.stderr)]);
  if (child.exitCode === null && child.signalCode === null) await once(child, 'close');
  return { code: child.exitCode, signal: child.signalCode, lines: linesOf(output), errors };
}

const numbered = (count: number) => Array.from({ length: count }, (_, n) => `line ${String(n)}`);
const messages = (lines: readonly Line[]) => lines.map(({ msg }) => msg);

describe('the log', () => {
  it.each([
    { name: 'it ends by itself', end: '', code: 0 },
    { name: 'it exits', end: 'process.exit(3);', code: 3 },
    { name: 'it fails', end: "throw new Error('planted');", code: 1 },
    { name: 'a promise fails', end: "await Promise.reject(new Error('planted'));", code: 1 },
  ])('has every line, in order, when $name', async ({ end, code }) => {
    const ended = await run(`many(500); ${end}`);
    expect(ended.code).toBe(code);
    expect(messages(ended.lines)).toEqual(numbered(500));
  });

  it('has a warning, and all that came before it, even if the program is killed at once', async () => {
    const ended = await run(
      `many(3); log.warn('last words'); process.kill(process.pid, 'SIGKILL');`,
    );
    expect(ended.signal).toBe('SIGKILL');
    expect(messages(ended.lines)).toEqual([...numbered(3), 'last words']);
  });

  it('has a line a turn of the event loop later, and not when more have come', async () => {
    const ended = await run(`
      log.info('alone');
      setImmediate(() => setImmediate(() => process.kill(process.pid, 'SIGKILL')));`);
    expect(messages(ended.lines)).toEqual(['alone']);
  });
});

describe('the log of a program that is stopped', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'taskward-lines-'));
  });
  afterEach(async () => {
    await Program.killAll();
    await rm(folder, { recursive: true, force: true });
  });

  it('has one line for each response', async () => {
    const DATABASE_URL = await createDatabase();
    const variables = { ...SECRET_MODE, DATABASE_URL, LOG_LEVEL: 'info', LOG_FORMAT: 'json' };
    const program = new Program(variables, folder);
    const url = await program.ready();
    const ids = Array.from({ length: 200 }, (_, n) => `stopped-${String(n)}`);
    await Promise.all(
      ids.map((id) => send(`${url}/health/live`, { headers: { 'x-request-id': id } })),
    );
    const { code, output } = await program.kill('SIGTERM');
    expect(code).toBe(0);
    const logged = linesOf(output).flatMap(({ requestId }) => requestId ?? []);
    expect(logged.filter((id) => id.startsWith('stopped-')).sort()).toEqual(ids.toSorted());
  });
  it('contains the user of a request, or else its address', async () => {
    const DATABASE_URL = await createDatabase();
    const variables = { ...SECRET_MODE, DATABASE_URL, LOG_LEVEL: 'info', LOG_FORMAT: 'json' };
    const program = new Program(variables, folder);
    const url = (await program.ready()).replace('localhost', '127.0.0.1');
    const { token } = await mintUser(url, 'ada');
    for (const [id, sent] of Object.entries({ first: token, again: token, forged: `${token}x` })) {
      const headers = { 'x-request-id': id, authorization: `Bearer ${sent}` };
      await send(`${url}/api/v1/tasks`, { headers });
    }
    const { output } = await program.kill('SIGTERM');
    const lines = linesOf(output).filter(({ msg }) => msg === 'request');
    expect(lines.map(({ requestId, userId, address }) => [requestId, userId, address])).toEqual([
      ['first', 'ada', undefined],
      ['again', 'ada', undefined],
      ['forged', undefined, '127.0.0.1'],
    ]);
  });

  it('has the fields of docs/logs.md for each request, and no other', async () => {
    const DATABASE_URL = await createDatabase();
    const variables = { ...SECRET_MODE, DATABASE_URL, LOG_LEVEL: 'info', LOG_FORMAT: 'json' };
    const program = new Program(variables, folder);
    const url = (await program.ready()).replace('localhost', '127.0.0.1');
    const ada = await mintUser(url, 'ada');
    const id = '0199c0de-0000-7000-8000-000000000000';
    const traceId = '4bf92f3577b34da6a3ce929d0e0e4736';
    const headers = { 'x-request-id': 'first', traceparent: `00-${traceId}-00f067aa0ba902b7-01` };
    await ada.api(`/tasks/${id}?x=secret`, { headers });
    await send(`${url}/nothing/here?x=secret`, { headers: { traceparent: 'nonsense' } });
    const { output } = await program.kill('SIGTERM');
    const lines = linesOf(output).filter(({ msg }) => msg === 'request');
    expect(lines).toEqual([
      {
        ...PINO_FIELDS,
        requestId: 'first',
        traceId,
        method: 'GET',
        route: '/api/v1/tasks/:id',
        path: `/api/v1/tasks/${id}`,
        status: 400,
        ms: expect.any(Number),
        userId: 'ada',
      },
      {
        ...PINO_FIELDS,
        requestId: expect.any(String),
        method: 'GET',
        path: '/nothing/here',
        status: 404,
        ms: expect.any(Number),
        address: '127.0.0.1',
      },
    ]);
    const described = rowsOf(await readFile('docs/logs.md', 'utf8'), 'Requests', /`/);
    const fields = described.slice(2).map(([cell = '']) => cell.replaceAll('`', ''));
    const found = new Set(lines.flatMap((line) => Object.keys(line)));
    expect([...found].filter((name) => !(name in PINO_FIELDS)).sort()).toEqual(fields.sort());
  });

  it('has a line for what is no HTTP', async () => {
    const DATABASE_URL = await createDatabase();
    const variables = { ...SECRET_MODE, DATABASE_URL, LOG_LEVEL: 'info', LOG_FORMAT: 'json' };
    const program = new Program(variables, folder);
    const url = (await program.ready()).replace('localhost', '127.0.0.1');
    const [response] = parseResponses(await speak(url, 'GARBAGE\r\n\r\n'));
    const { output } = await program.kill('SIGTERM');
    expect(linesOf(output).filter(({ msg }) => msg === 'request not read')).toEqual([
      expect.objectContaining({
        requestId: response?.headers.get('x-request-id'),
        status: 400,
        code: 'malformed_request',
        reason: expect.stringMatching(/^HPE_/),
        address: '127.0.0.1',
      }),
    ]);
  });
});
