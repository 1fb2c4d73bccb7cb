import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, expect, it } from '@jest/globals';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'taskward-client-size-'));
  mkdirSync(join(folder, 'clients/typescript/src'), { recursive: true });
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** Runs the check on a client with this source. */
function check(source: string) {
  writeFileSync(join(folder, 'clients/typescript/src/index.ts'), source);
  const program = resolve('scripts/check-client-size.ts');
  return spawnSync(process.execPath, [program], { cwd: folder, encoding: 'utf8' });
}

// Random, so that it cannot be compressed: three bytes of four characters.
const sourceOf = (bytes: number) =>
  `export const a: string = '${randomBytes(bytes).toString('base64')}';`;

it('accepts 12 kB of JavaScript, types and comments excluded', () => {
  const { status, stdout } = check(`// ${'comment '.repeat(10_000)}\n${sourceOf(11_500)}`);
  expect([status, stdout]).toEqual([0, expect.stringMatching(/^11\.\d kB of @taskward\/client /)]);
});

it('refuses more', () => {
  const { status, stderr } = check(sourceOf(12_500));
  expect([status, stderr]).toEqual([1, expect.stringContaining('at most 12 kB')]);
});

it.each(['node:crypto', 'crypto', 'unknown-package'])('refuses an import of %s', (name) => {
  const { status, stderr } = check(`import * as a from '${name}';\nexport { a };`);
  expect([status, stderr]).toEqual([1, `@taskward/client imports ${name}.\n`]);
});
