import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, test } from '@jest/globals';
import { problemsOfFiles } from '../../scripts/verify-docker/files.ts';
import { ENV_NAMES, parseEnv } from '../../src/config/env.js';

const root = join(import.meta.dirname, '../..');
/** What the files in `docker/` name. */
const NAMED = ['.dockerignore', '.npmrc', 'docker', 'nest-cli.json', 'package.json'];
const SOURCES = ['package-lock.json', 'src', 'tsconfig.build.json', 'tsconfig.json'];

describe('npm run verify:docker, without an engine', () => {
  let copy: string;

  beforeEach(() => {
    copy = mkdtempSync(join(tmpdir(), 'taskward-docker-test-'));
    for (const name of [...NAMED, ...SOURCES]) {
      cpSync(join(root, name), join(copy, name), { recursive: true });
    }
  });
  afterEach(() => {
    rmSync(copy, { recursive: true, force: true });
  });

  const dockerfile = 'docker/Dockerfile';
  const services = 'docker/services.yaml';
  const e2e = 'docker/compose.e2e.yaml';

  test.each([
    ['a COPY of nothing', dockerfile, 'COPY src ./src', 'COPY sources ./src', /COPY sources/],
    ['a COPY of what is ignored', '.dockerignore', 'coverage', 'src', /COPY src: kept out/],
    ['a stage that is not there', dockerfile, '--from=build', '--from=built', /--from=built/],
    ['an unknown ENV', dockerfile, 'LOG_FORMAT=', 'LOG_FROMAT=', /ENV LOG_FROMAT/],
    ['an unpinned base', dockerfile, 'node:24.21.0-', 'node:24-', /FROM node:24-.*not pinned/],
    ['another Node', dockerfile, 'node:24.21.0-', 'node:24.20.0-', /Node 24\.20\.0, package.json/],
    ['an unpinned image', services, 'postgres:18.4', 'postgres:18', /postgres:18: not pinned/],
    ['the latest image', e2e, 'image: postgres:18.4', 'image: postgres', /postgres: not pinned/],
    [
      'an unknown variable',
      services,
      'TRUST_PROXY:',
      'TRUST_PROXIES:',
      /environment TRUST_PROXIES/,
    ],
    ['a variable left out', services, 'TRUST_PROXY:', 'LOG_LEVEL2:', /does not pass TRUST_PROXY/],
    ['an unknown ${…}', services, '${PUBLISH', '${PUBLISHED', /\$\{PUBLISHED\}/],
    ['an unknown target', services, 'target: final', 'target: last', /target last/],
    ['an unknown dockerfile', e2e, 'docker/Dockerfile', 'Dockerfile', /dockerfile Dockerfile/],
    ['an unknown context', e2e, 'context: ..', 'context: ../app', /context \.\.\/app/],
    [
      'an unknown service',
      services,
      '  postgres:\n    image',
      '  db:\n    image',
      /no such service/,
    ],
    ['a service without health', e2e, '    healthcheck:', '    x-health:', /has no healthcheck/],
    ['an unknown volume', services, '- data:/', '- date:/', /volume date/],
    [
      'an unknown file',
      'docker/compose.yaml',
      'services.yaml',
      'stack.yaml',
      /include stack\.yaml/,
    ],
    ['what is no YAML', e2e, 'services:', 'services: [', /compose\.e2e\.yaml/],
  ])('refuses %s', (_, file, from, to, problem) => {
    const path = join(copy, file);
    const text = readFileSync(path, 'utf8');
    expect(text).toContain(from);
    writeFileSync(path, text.replaceAll(from, to));
    expect(problemsOfFiles(copy, ENV_NAMES).join('\n')).toMatch(problem);
  });

  it.each([
    { digest: `@sha256:${'0a'.repeat(32)}`, problems: 0 },
    { digest: '@sha256:0a', problems: 1 },
  ])(
    'accepts an image with a whole digest, and no part of one: $digest',
    ({ digest, problems }) => {
      const path = join(copy, services);
      const text = readFileSync(path, 'utf8');
      writeFileSync(path, text.replace('postgres:18.4', `postgres:18.4${digest}`));
      expect(problemsOfFiles(copy, ENV_NAMES)).toHaveLength(problems);
    },
  );

  it('accepts the files as they are', () => {
    expect(problemsOfFiles(copy, ENV_NAMES)).toEqual([]);
  });

  it('says that it has checked the files alone', () => {
    const { status, stdout } = spawnSync(process.execPath, ['scripts/verify-docker.ts'], {
      cwd: root,
      env: { PATH: '' },
      encoding: 'utf8',
    });
    expect(stdout).toContain('No Docker engine answers: this is all that was done.');
    expect(status).toBe(0);
  });
});

test('the variables behind a proxy that ends TLS are accepted', () => {
  const text = readFileSync(join(root, 'docs/operations.md'), 'utf8');
  const block = /### Behind a proxy.*?```dotenv\n(.*?)```/s.exec(text)?.[1] ?? '';
  const lines = block.trim().split('\n');
  const variables = Object.fromEntries(
    lines.map((line) => [line.replace(/=.*/, ''), line.replace(/^\w+=/, '')]),
  ) as Record<string, string>;
  const secret = { BETTER_AUTH_SECRET: 'Zk4v9sQ2mX7pL1rT8wYc3nB6hJ5gD0fA' };
  expect(parseEnv({ NODE_ENV: 'production', ...secret, ...variables })).toMatchObject({
    origin: 'https://tasks.example.org',
    TRUST_PROXY: ['uniquelocal'],
  });
});

it('the image starts the program as npm does', () => {
  const read = (path: string) => readFileSync(join(root, path), 'utf8');
  const dockerfile = read('docker/Dockerfile');
  const last = /^CMD (.*)$/m.exec(dockerfile.slice(dockerfile.lastIndexOf('\nCMD')))?.[1];
  const command = JSON.parse(last ?? '[]') as string[];
  const { scripts } = JSON.parse(read('package.json')) as { scripts: { start: string } };
  expect(command.join(' ')).toBe(scripts.start);
});
