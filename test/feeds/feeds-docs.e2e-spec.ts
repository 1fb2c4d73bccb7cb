import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { FeedsDto } from '../../src/feeds/feed.dto.js';
import { useApp } from '../support/app.js';
import { mintUser, SECRET_MODE } from '../support/tokens.js';

const app = useApp({ ...SECRET_MODE, PUBLIC_URL: 'http://localhost:3000' });
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'taskward-feeds-docs-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

it('the commands of docs/feeds.md make a feed, read it and delete it', async () => {
  const ada = await mintUser(app.url, 'ada');
  await ada.create({ title: 'Buy milk', due: '2036-12-24' });
  const page = await readFile('docs/feeds.md', 'utf8');
  const [, commands = ''] = /```sh\n(.*?)```/s.exec(page) ?? [];
  // The address of the feed has the origin that users see.
  const script = commands
    .replaceAll('http://localhost:3000', app.url)
    .replace('"$FEED"', `"$(echo "$FEED" | sed 's#http://localhost:3000#${app.url}#')"`);
  const { stdout } = await promisify(execFile)('bash', ['-euc', script], {
    cwd: folder,
    env: { ...process.env, TOKEN: ada.token },
  });
  expect(stdout).toContain('SUMMARY:Buy milk');
  expect(stdout).toContain('"as":"events"');
  expect(stdout).not.toContain('tw_feed_');
  expect((await ada.api<FeedsDto>('/feeds')).body.data).toEqual([]);
});
