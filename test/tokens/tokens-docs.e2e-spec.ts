import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { TokensDto } from '../../src/tokens/token.dto.js';
import { useApp } from '../support/app.js';
import { mintUser, SECRET_MODE } from '../support/tokens.js';

const app = useApp(SECRET_MODE);
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'taskward-tokens-docs-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

it('the commands of docs/tokens.md make a token, use it and revoke it', async () => {
  const ada = await mintUser(app.url, 'ada');
  await ada.create({ title: 'Buy milk' });
  const page = await readFile('docs/tokens.md', 'utf8');
  const [, commands = ''] = /```sh\n(.*?)```/s.exec(page) ?? [];
  const script = commands.replaceAll('http://localhost:3000', app.url);
  const { stdout } = await promisify(execFile)('bash', ['-euc', script], {
    cwd: folder,
    env: { ...process.env, TOKEN: ada.token },
  });
  expect(stdout).toContain('"title":"Buy milk"');
  expect(stdout).toContain('"name":"backup script"');
  const made = await readFile(join(folder, 'token.json'), 'utf8');
  const { token } = JSON.parse(made) as { token: string };
  expect(stdout).not.toContain(token);
  expect((await ada.api<TokensDto>('/tokens')).body.data).toEqual([]);
});
