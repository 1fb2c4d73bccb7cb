import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { anchorsIn } from '../support/docs-tables.js';

/** CONTRIBUTING, the templates that it names, and package.json. */

const root = join(import.meta.dirname, '../..');
const contributing = readFileSync(join(root, 'CONTRIBUTING.md'), 'utf8');
const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
  scripts: Record<string, string>;
};

const matches = (pattern: RegExp, text = contributing) =>
  Array.from(text.matchAll(pattern), ([, found = '']) => found);

it('leads from the clone to the merge', () => {
  expect(matches(/^### \d\. (\w+)$/gm)).toEqual([
    ...['Clone', 'Read', 'Change', 'Test', 'Propose', 'Review', 'Merge'],
  ]);
});

it('lists every check of package.json', () => {
  const checks = Object.keys(scripts).filter((name) => name.startsWith('check:'));
  expect(matches(/^\| `(check:[^`]+)`/gm).sort()).toEqual(checks.sort());
});

it('names scripts that package.json has, as the pull request template does', () => {
  const template = readFileSync(join(root, '.github/pull_request_template.md'), 'utf8');
  const named = matches(/npm run (?:-s )?([\w:-]+)/g, contributing + template);
  expect(named).toContain('check');
  expect(named.filter((name) => !(name in scripts))).toEqual([]);
});

it('has scripts that take a file: Jest reads what follows a list of projects as part of it', () => {
  for (const name of ['test', 'test:processes']) {
    expect(scripts[name]).toMatch(/--\w+Projects=\w+ --\w+$/);
  }
});

it('names files and folders that are there', () => {
  const paths = [
    ...matches(/\]\(([^)#:]+)(?:#[^)]*)?\)/g),
    ...matches(/`((?:src|test|docs|bench|scripts|\.ci|\.github)\/[\w./-]*)`/g),
  ];
  expect(paths.length).toBeGreaterThan(20);
  expect(paths.filter((path) => !existsSync(join(root, path)))).toEqual([]);
});

it('links to sections that it has', async () => {
  const anchors = await anchorsIn(join(root, 'CONTRIBUTING.md'));
  expect(matches(/\]\(#([\w-]+)\)/g).filter((anchor) => !anchors.has(anchor))).toEqual([]);
});

it('the forms for issues warn of vulnerabilities and of secrets', () => {
  const folder = join(root, '.github/ISSUE_TEMPLATE');
  expect(readdirSync(folder).sort()).toEqual(['bug.yml', 'config.yml', 'feature.yml']);
  expect(readFileSync(join(folder, 'bug.yml'), 'utf8')).toMatch(/SECURITY\.md[^]*Remove tokens/);
});
