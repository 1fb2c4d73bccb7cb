import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { ENV_NAMES, parseEnv } from '../../src/config/env.js';

const root = join(import.meta.dirname, '../..');
const readText = (path: string) => readFileSync(join(root, path), 'utf8');

it('docker/services.yaml passes every variable on, and none that nothing reads', () => {
  const { services } = parse(readText('docker/services.yaml')) as {
    services: Record<'api', { environment: Record<string, unknown> }>;
  };
  const { environment } = services.api;
  // There is no embedded PostgreSQL in a container, and no secret that is made at the start.
  const expected = [...ENV_NAMES].filter((name) => name !== 'DATA_DIR');
  expect(Object.keys(environment).sort()).toEqual(expected.sort());

  const ofCompose = [
    'POSTGRES_PASSWORD',
    'PUBLISH',
    'RESTART',
    'BACKUPS',
    'BACKUP_HOURS',
    'BACKUP_KEEP_DAYS',
  ];
  const references = readText('docker/services.yaml').matchAll(/\$\{(\w+)/g);
  const unknown = Array.from(references, ([, name = '']) => name).filter(
    (name) => !ENV_NAMES.has(name) && !ofCompose.includes(name),
  );
  expect(unknown).toEqual([]);
});

it('npm run verify:docker verifies nothing without an engine, and prints that', () => {
  const { status, stdout } = spawnSync(process.execPath, ['scripts/verify-docker.ts'], {
    cwd: root,
    env: { PATH: '' },
    encoding: 'utf8',
  });
  expect([status, stdout]).toEqual([0, 'No Docker engine responds: nothing was verified.\n']);
});

it('the variables behind a proxy that ends TLS are accepted', () => {
  const text = readText('docs/operations.md');
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
  const dockerfile = readText('docker/Dockerfile');
  const last = /^CMD (.*)$/m.exec(dockerfile.slice(dockerfile.lastIndexOf('\nCMD')))?.[1];
  const command = JSON.parse(last ?? '[]') as string[];
  const { scripts } = JSON.parse(readText('package.json')) as { scripts: { start: string } };
  expect(command.join(' ')).toBe(scripts.start);
});
