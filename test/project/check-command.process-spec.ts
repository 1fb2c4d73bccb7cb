import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from '@jest/globals';

/** `npm run check`, on a package.json with scripts of its own. */

const root = join(import.meta.dirname, '../..');
const copies: string[] = [];

afterEach(() => {
  for (const copy of copies.splice(0)) rmSync(copy, { recursive: true, force: true });
});

function check(scripts: Record<string, string>) {
  const cwd = mkdtempSync(join(tmpdir(), 'taskward-check-'));
  copies.push(cwd);
  writeFileSync(join(cwd, 'package.json'), JSON.stringify({ scripts }));
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(root, 'scripts/check.ts')], {
    cwd,
    encoding: 'utf8',
  });
  const results = [...stdout.matchAll(/^(ok|FAILED) .* (\S+)$/gm)].map(([, result, name]) => [
    name,
    result,
  ]);
  return { status, stdout, stderr, cwd, results: Object.fromEntries(results) as object };
}

const PASSES = `node -e "console.log('quiet')"`;
const FAILS = `node -e "console.log('loud'), console.error('and clear'), process.exit(3)"`;
const APPENDS = `node -e "fs.appendFileSync('runs', 'x')"`;
const READS = `node -e "fs.readFileSync('runs')"`;

test('passes when every check passes, and prints none of their output', () => {
  const { status, stdout, results } = check({ 'check:a': PASSES, 'check:b': PASSES, b: FAILS });
  expect([status, results]).toEqual([0, { 'check:a': 'ok', 'check:b': 'ok' }]);
  expect(stdout).not.toContain('quiet');
});

test('runs the other checks when one fails, prints its output, and fails', () => {
  const { status, stdout, stderr, results } = check({ 'check:a': FAILS, 'check:b': PASSES });
  expect([status, results]).toEqual([1, { 'check:a': 'FAILED', 'check:b': 'ok' }]);
  expect(stdout).toMatch(/loud\nand clear|and clear\nloud/);
  expect(stderr).toMatch(/^Failed: check:a\./);
});

test('runs a preparation before the checks that share it, and once', () => {
  const { status, cwd } = check({
    'precheck:a': APPENDS,
    'check:a': READS,
    'precheck:b': APPENDS,
    'check:b': READS,
  });
  expect([status, readFileSync(join(cwd, 'runs'), 'utf8')]).toEqual([0, 'x']);
});

test('runs no check whose preparation fails', () => {
  const { status, results } = check({ 'precheck:a': FAILS, 'check:a': PASSES });
  expect([status, results]).toEqual([1, { 'precheck:a': 'FAILED' }]);
});
