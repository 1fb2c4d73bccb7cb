import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';

const root = join(import.meta.dirname, '../..');
// Neither is TypeScript, and nothing else in TypeScript needs their types.
const load = (path: string) => import(path) as Promise<unknown>;
const { POSIX_FILES } = (await load('../../jest.config.js')) as { POSIX_FILES: string[] };
const { filesForPosix } = (await load('../support/tools.js')) as {
  filesForPosix: (files: string[], platform: string) => string[];
};

const readText = (path: string) => readFileSync(join(root, path), 'utf8');

const testFiles = readdirSync(join(root, 'test'), { recursive: true, encoding: 'utf8' })
  .map((path) => `test/${path.replaceAll('\\', '/')}`)
  .filter((path) => /\.(e2e|process)-spec\.ts$/.test(path));

describe('on Windows', () => {
  const patterns = filesForPosix(POSIX_FILES, 'win32').map((pattern) => new RegExp(pattern));
  const isLeftOut = (path: string) => patterns.some((pattern) => pattern.test(`/${path}`));

  it('the files that send a signal or call a shell are left out', () => {
    const needPosix = testFiles.filter((path) => {
      const source = readText(path);
      return /\('SIG(INT|TERM)'\)|\('(ba)?sh'/.test(source) && !source.includes('process.platform');
    });
    expect(needPosix.length).toBeGreaterThan(5);
    expect(needPosix.filter((path) => !isLeftOut(path))).toEqual([]);
  });

  it('each name on the list is one of a file', () => {
    const unused = patterns.filter(
      (pattern) => !testFiles.some((path) => pattern.test(`/${path}`)),
    );
    expect(unused).toEqual([]);
  });

  it('and elsewhere none of them is', () => {
    expect(filesForPosix(POSIX_FILES, 'linux')).toEqual([]);
  });
});

it('the workflow tests on each platform that the README promises', () => {
  const { jobs } = parse(readText('.github/workflows/ci.yml')) as {
    jobs: Record<string, { 'runs-on': string; strategy?: { matrix?: { os?: string[] } } }>;
  };
  const machines = Object.values(jobs).flatMap((job) => job.strategy?.matrix?.os ?? job['runs-on']);
  for (const name of [/^ubuntu-[\d.]+$/, /^ubuntu-[\d.]+-arm$/, /^macos-/, /^windows-/]) {
    expect(machines).toContainEqual(expect.stringMatching(name));
  }
});
