import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { useApp } from '../support/app.js';
import { ChangesServer } from '../support/changes-server.js';
import { mintUser, SECRET_MODE } from '../support/tokens.js';
import { until } from '../support/until.js';

const MAX_LINES = 30;
/** Prints the copy whenever it has changed. */
const PRINTER = `
let printed;
setInterval(() => {
  const copy = JSON.stringify([...tasks.values()].map(({ title }) => title).sort());
  if (copy !== printed) process.stdout.write(copy + '\\n');
  printed = copy;
}, 10);
`;

const app = useApp(SECRET_MODE);
const server = new ChangesServer();
let url: string;
let folder: string;
let program: string;
const running: ChildProcess[] = [];

beforeAll(async () => {
  url = await server.start();
  folder = await mkdtemp(join(tmpdir(), 'taskward-sync-'));
  const page = await readFile('docs/sync.md', 'utf8');
  [, program = ''] = /```js\n\/\/ copy\.mjs\n(.*?)```/s.exec(page) ?? [];
  // Before the statement that never ends.
  const [head = '', loop = ''] = program.split(/^(?=await readAll)/m);
  await writeFile(join(folder, 'copy.mjs'), `${head}${PRINTER}${loop}`);
});
afterAll(async () => {
  for (const child of running) child.kill();
  await server.stop();
  await rm(folder, { recursive: true, force: true });
});

/** Starts the program; returns a function that waits until it has a copy of these titles. */
function startCopy(origin: string, token: string) {
  const child = spawn(process.execPath, [join(folder, 'copy.mjs'), origin, token]);
  running.push(child);
  let output = '';
  child.stdout.on('data', (data) => (output += String(data)));
  return (titles: readonly string[]) =>
    until(() => Promise.resolve(output.trim().split('\n').at(-1) === JSON.stringify(titles)));
}

describe('the client of docs/sync.md', () => {
  it('has 30 lines', () => {
    const lines = program.split('\n').filter((line) => line.trim() !== '');
    expect(lines.length).toBeGreaterThan(20);
    expect(lines.length).toBeLessThanOrEqual(MAX_LINES);
  });

  it('keeps a copy of all pages of tasks, and of what becomes of them', async () => {
    const user = await mintUser(app.url, 'ada');
    const batch = Array.from({ length: 60 }, (_, n) => `Task ${String(n + 10)}`);
    const operations = batch.map((title) => ({ op: 'create', task: { title } }));
    await user.api('/tasks/batch', { method: 'POST', json: { operations } });
    const expectTitles = startCopy(app.url, user.token);
    await expectTitles(batch);
    const { id } = await user.create({ title: 'Trashed' });
    await expectTitles([...batch, 'Trashed']);
    await user.api(`/tasks/${id}`, { method: 'DELETE' });
    await user.create({ title: 'Übrig' });
    await expectTitles([...batch, 'Übrig']);
  });

  it('keeps a copy through interruptions, and begins again when its token has expired', async () => {
    server.append('a');
    const expectTitles = startCopy(url, server.bearer);
    await expectTitles(['a']);
    server.append('b');
    await expectTitles(['a', 'b']);
    server.endStreams('shutdown');
    server.append('a', 'c');
    await expectTitles(['b', 'c']);
    await until(() => Promise.resolve(server.streams.size === 1));
    for (const stream of server.streams) stream.destroy();
    server.append('b', null);
    server.append('d');
    await expectTitles(['c', 'd']);
    server.intercept = (_request, response) => {
      if (server.streams.size > 0) return false;
      response.destroy();
      return true;
    };
    for (const stream of server.streams) stream.destroy();
    server.append('d', null);
    server.append('e');
    server.purged = server.log.length - 1;
    await until(() => Promise.resolve(server.streams.size === 0));
    server.intercept = () => false;
    await expectTitles(['c', 'e']);
  });
});
