import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { parseEnv } from '../../src/config/env.js';
import { useApp } from '../support/app.js';

const app = useApp();
let readme: string;
let folder: string;

beforeAll(async () => {
  readme = await readFile('README.md', 'utf8');
  folder = await mkdtemp(join(tmpdir(), 'taskward-readme-'));
});
afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

/** The fenced blocks of one language below a heading. */
function blocks(heading: string, language: string): string[] {
  const section = readme.split(/^## /m).find((text) => text.startsWith(heading)) ?? '';
  return [...section.matchAll(new RegExp(`\`\`\`${language}\\n(.*?)\`\`\``, 'gs'))].map(
    ([, block = '']) => block,
  );
}

describe('the README', () => {
  it('walks with curl from a sign-up to a listed task', async () => {
    const script = blocks('A walk', 'sh').join('\n').replaceAll('http://localhost:3000', app.url);
    const { stdout } = await promisify(execFile)('bash', ['-euc', script], { cwd: folder });
    const responses = stdout.match(/\{"(id|data)".*?\}(?=\{|$)/gs) ?? [];
    const page = JSON.parse(responses.at(-1) ?? '') as { data: unknown[] };
    expect(page.data).toEqual([
      expect.objectContaining({ title: 'Buy milk', due: '2026-12-24', tags: ['home'] }),
    ]);
  });

  it('configures a remote Better Auth with variables that are accepted', () => {
    const [block = ''] = blocks('Tokens from', 'dotenv');
    const lines = block.trim().split('\n');
    const variables = Object.fromEntries(
      lines.map((line): [string, string] => [line.split('=')[0] ?? '', line.replace(/^\w+=/, '')]),
    );
    expect(parseEnv({ NODE_ENV: 'production', ...variables })).toMatchObject({
      AUTH_MODE: 'jwks',
      issuer: 'https://app.example.org',
      audience: 'taskward',
    });
  });

  it('links to files that are there', async () => {
    const links = [...readme.matchAll(/\]\((?!http)([^)#]+)\)/g)].map(([, path = '']) => path);
    expect(links.length).toBeGreaterThan(5);
    for (const path of links.filter((link) => link.endsWith('.md') || link.startsWith('.'))) {
      await expect(readFile(path)).resolves.toBeDefined();
    }
  });
});
