import { spawnSync } from 'node:child_process';
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach } from '@jest/globals';

export const ROOT = join(import.meta.dirname, '../..');

const TOOLS = {
  commitlint: '@commitlint/cli/cli.js',
  depcruise: 'dependency-cruiser/bin/dependency-cruiser.mjs',
  eslint: 'eslint/bin/eslint.js',
  knip: 'knip/bin/knip.js',
  prettier: 'prettier/bin/prettier.cjs',
  tsc: 'typescript/bin/tsc',
};
const CONFIGS = [
  ...['package.json', 'tsconfig.json', 'eslint.config.js', '.dependency-cruiser.cjs'],
  ...['.prettierrc.json', 'knip.json', 'web/tsconfig.json', 'web/.dependency-cruiser.cjs'],
];
const copies: string[] = [];

afterEach(() => {
  for (const copy of copies.splice(0)) rmSync(copy, { recursive: true, force: true });
});

/** Copies the project's configuration, and nothing else of it, and writes the given files there. */
export function copyWith(files: [path: string, source: string][]): string {
  const copy = realpathSync(mkdtempSync(join(tmpdir(), 'taskward-checks-')));
  copies.push(copy);
  for (const config of CONFIGS) cpSync(join(ROOT, config), join(copy, config));
  symlinkSync(join(ROOT, 'node_modules'), join(copy, 'node_modules'), 'junction');
  for (const [file, source] of files) {
    mkdirSync(dirname(join(copy, file)), { recursive: true });
    writeFileSync(join(copy, file), source);
  }
  return copy;
}

/** Runs a tool of the checks, in the project unless `cwd` is another folder. */
export function run(
  tool: keyof typeof TOOLS,
  args: string[],
  options: { cwd?: string; input?: string } = {},
) {
  const script = join(ROOT, 'node_modules', TOOLS[tool]);
  return spawnSync(process.execPath, [script, ...args], {
    cwd: ROOT,
    encoding: 'utf8',
    ...options,
  });
}
