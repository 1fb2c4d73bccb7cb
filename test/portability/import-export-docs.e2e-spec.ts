import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { useApp } from '../support/app.js';
import { mintUser, SECRET_MODE } from '../support/tokens.js';

const app = useApp(SECRET_MODE);
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'taskward-import-export-docs-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

it('the commands of docs/import-export.md export every format, and import once', async () => {
  const ada = await mintUser(app.url, 'ada');
  await ada.create({ title: 'Buy milk' });
  const page = await readFile('docs/import-export.md', 'utf8');
  const [, commands = ''] = /```sh\n(.*?)```/s.exec(page) ?? [];
  const script = commands.replaceAll('http://localhost:3000', app.url);
  await promisify(execFile)('bash', ['-euc', script], {
    cwd: folder,
    env: { ...process.env, TOKEN: ada.token },
  });
  const files = await Promise.all(
    ['tasks.json', 'tasks.csv', 'tasks.ics'].map((name) => readFile(join(folder, name), 'utf8')),
  );
  for (const file of files) expect(file).toContain('Buy milk');
  expect((await ada.list()).data).toHaveLength(2);
});
