import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
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
  const names = Object.keys(environment);
  const ofOpenTelemetry = names.filter((name) => name.startsWith('OTEL_') && !ENV_NAMES.has(name));
  expect(names.sort()).toEqual([...expected, ...ofOpenTelemetry].sort());
  const page = readText('docs/traces.md');
  expect(ofOpenTelemetry.filter((name) => !page.includes(`\`${name}\``))).toEqual([]);

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
    (name) => ![...ENV_NAMES, ...ofCompose, ...ofOpenTelemetry].includes(name),
  );
  expect(unknown).toEqual([]);
});

interface Service {
  readonly extends?: { readonly file: string; readonly service: string };
  readonly image?: string;
  readonly environment?: Record<string, string>;
  readonly ports?: string[];
  readonly user?: string;
  readonly read_only?: boolean;
  readonly cap_drop?: string[];
  readonly mem_limit?: string;
  readonly stop_grace_period?: string;
  readonly healthcheck?: object;
  readonly depends_on?: Record<string, { readonly condition: string }>;
}

describe('docker/services.scale.yaml', () => {
  const override = {
    tag: '!override',
    collection: 'seq' as const,
    resolve: (value: unknown) => value,
  };
  const { services } = parse(readText('docker/services.scale.yaml'), {
    customTags: [override],
  }) as {
    services: Record<string, Service>;
  };
  const base = parse(readText('docker/services.yaml')) as { services: Record<string, Service> };
  const instances = Object.keys(services).filter((name) => name.startsWith('api-'));
  const configuration = readText('docker/nginx.conf');

  it('has three instances with the settings of docker/services.yaml, which nginx names', () => {
    expect(instances).toHaveLength(3);
    for (const name of instances) {
      expect(services[name]?.extends).toEqual({ file: 'docker/services.yaml', service: 'api' });
    }
    const servers = Array.from(
      configuration.matchAll(/^ +server (\S+):3000 /gm),
      ([, host]) => host,
    );
    expect(servers).toEqual(instances);
    expect(Object.keys(services['nginx']?.depends_on ?? {})).toEqual(instances);
  });

  it('publishes nginx alone, which the instances trust', () => {
    const published = Object.entries(services).filter(([, { ports }]) => (ports ?? []).length > 0);
    expect(published.map(([name]) => name)).toEqual(['nginx']);
    expect(services['nginx']?.ports?.[0]).toMatch(/:8080$/);
    expect(configuration).toContain('listen 8080;');
    for (const name of instances) {
      const { environment = {}, ports } = services[name] ?? {};
      expect(ports).toEqual([]);
      expect(parseEnv(environment)).toMatchObject({
        TRUST_PROXY: ['uniquelocal'],
        REDIS_URL: 'redis://redis:6379?tls=off',
      });
    }
  });

  it('gives its own services no more rights than those of docker/services.yaml', () => {
    for (const name of ['nginx', 'redis']) {
      expect(services[name]).toMatchObject({
        image: expect.stringMatching(/:\d+\.\d+\.\d+$/),
        user: name,
        read_only: true,
        cap_drop: ['ALL'],
        security_opt: ['no-new-privileges:true'],
        mem_limit: expect.any(String),
        healthcheck: expect.any(Object),
      });
    }
    expect(services['nginx']?.stop_grace_period).toBe(base.services['api']?.stop_grace_period);
  });
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
