import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, expect, it } from '@jest/globals';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'taskward-web-size-'));
  mkdirSync(join(folder, 'web/dist/assets'), { recursive: true });
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Runs the check on a build whose page loads a script and preloads a module of these bytes. */
function check(script: number, module: number) {
  const dist = join(folder, 'web/dist');
  writeFileSync(
    join(dist, 'index.html'),
    '<script type="module" src="/assets/a.js"></script><link rel="modulepreload" href="/assets/b.js">',
  );
  // Random, so that it cannot be compressed.
  writeFileSync(join(dist, 'assets/a.js'), randomBytes(script));
  writeFileSync(join(dist, 'assets/b.js'), randomBytes(module));
  writeFileSync(join(dist, 'assets/lazy.js'), randomBytes(300_000));
  const program = resolve('scripts/check-web-size.ts');
  return spawnSync(process.execPath, [program], { cwd: folder, encoding: 'utf8' });
}

it('accepts 200 kB of JavaScript that a page loads at first, whatever is loaded later', () => {
  const { status, stdout } = check(100_000, 99_000);
  expect([status, stdout]).toEqual([0, expect.stringMatching(/^199\.\d kB .* in 2 files\n$/)]);
});

it('refuses more, preloaded modules included', () => {
  const { status, stderr } = check(100_000, 101_000);
  expect([status, stderr]).toEqual([1, expect.stringContaining('at most 200 kB')]);
});

it('refuses a page without scripts, which would be a build that it cannot read', () => {
  check(1, 1);
  writeFileSync(join(folder, 'web/dist/index.html'), '<div id="root"></div>');
  const program = resolve('scripts/check-web-size.ts');
  expect(spawnSync(process.execPath, [program], { cwd: folder }).status).toBe(1);
});
