import { readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { parse, parseAllDocuments } from 'yaml';
import { ENV_NAMES, parseEnv } from '../../src/config/env.js';
import { SECRET_FILE_NAMES } from '../../src/config/secret-files.js';
import { BETTER_AUTH_SECRET } from '../support/identity.js';

const root = join(import.meta.dirname, '../..');
const folder = join(root, 'deploy/kubernetes');
const readText = (path: string) => readFileSync(join(folder, path), 'utf8');

type Labels = Record<string, string>;

interface Variable {
  readonly name: string;
  readonly value: string;
}

interface Probe {
  readonly httpGet: { readonly path: string; readonly port: string };
}

interface Container {
  readonly name: string;
  readonly image: string;
  readonly env: Variable[];
  readonly ports: { name: string; containerPort: number }[];
  readonly volumeMounts: { name: string; mountPath: string }[];
  readonly startupProbe: Probe;
  readonly livenessProbe: Probe;
  readonly readinessProbe: Probe;
  readonly securityContext: Record<string, unknown>;
  readonly resources: { limits: { memory: string }; requests: Labels };
}

interface Pod {
  readonly metadata: { labels: Labels };
  readonly spec: {
    readonly containers: [Container];
    readonly volumes: { name: string; secret?: { secretName: string } }[];
    readonly securityContext: Record<string, unknown>;
    readonly topologySpreadConstraints: { labelSelector: { matchLabels: Labels } }[];
  };
}

/** Any resource; each kind has some of these members. */
interface Resource {
  readonly kind: string;
  readonly metadata: { name: string; labels: Labels };
  readonly spec: {
    readonly selector: Labels & { matchLabels: Labels };
    readonly template: Pod;
    readonly jobTemplate: { spec: { template: Pod } };
    readonly ports: { name: string; targetPort: string; port: number }[];
    readonly podSelector: { matchLabels: Labels };
    readonly ingress: { ports: { port: string }[] }[];
    readonly endpoints: { port: string; path: string }[];
  };
}

interface Kustomization {
  readonly resources: string[];
  readonly configMapGenerator: { name: string; literals?: string[]; files?: string[] }[];
  readonly secretGenerator: { name: string; files: string[] }[];
  readonly images: { name: string }[];
  readonly patches: { target: { kind: string; name: string }; patch: string }[];
}

const kustomizationOf = (path: string) =>
  parse(readText(join(path, 'kustomization.yaml'))) as Kustomization;
const base = kustomizationOf('base');
const example = kustomizationOf('example');

const resourcesOf = (path: string) =>
  parseAllDocuments(readText(path)).map((document) => document.toJS() as Resource);
const resources = [
  ...base.resources.map((file) => join('base', file)),
  'monitoring/service-monitor.yaml',
].flatMap(resourcesOf);

function find(kind: string, name = 'taskward'): Resource {
  const found = resources.find((each) => each.kind === kind && each.metadata.name === name);
  if (found === undefined) throw new Error(`no ${kind} ${name}`);
  return found;
}

const pod = find('Deployment').spec.template;
const [api] = pod.spec.containers;
const backupPod = find('CronJob', 'taskward-backup').spec.jobTemplate.spec.template;
const [backup] = backupPod.spec.containers;

/** Variables of a `configMapGenerator`. */
const settingsOf = ({ configMapGenerator }: Kustomization) =>
  Object.fromEntries(
    configMapGenerator
      .flatMap(({ literals = [] }) => literals)
      .map((line) => [line.replace(/=.*/, ''), line.replace(/^\w+=/, '')]),
  ) as Record<string, string>;

/** Variables that the example adds to the deployment. */
const addedVariables = example.patches.flatMap(({ patch }) =>
  (parse(patch) as { value: Variable }[]).map(({ value }) => value),
);

describe('deploy/kubernetes', () => {
  it('has every file in its kustomization', () => {
    const listed = [
      ...base.resources,
      ...base.configMapGenerator.flatMap(({ files = [] }) => files),
      'kustomization.yaml',
    ];
    expect(readdirSync(join(folder, 'base')).sort()).toEqual(listed.sort());
  });

  it('knows a kind of each that an operator expects', () => {
    const kinds = new Set(resources.map(({ kind }) => kind));
    expect([...kinds].sort()).toEqual([
      'CronJob',
      'Deployment',
      'NetworkPolicy',
      'PersistentVolumeClaim',
      'PodDisruptionBudget',
      'Service',
      'ServiceMonitor',
    ]);
  });
});

describe('the variables', () => {
  const variables = [...api.env, ...addedVariables];
  let secrets: string;

  beforeAll(async () => {
    secrets = await mkdtemp(join(tmpdir(), 'taskward-kubernetes-'));
  });
  afterAll(() => rm(secrets, { recursive: true, force: true }));

  it('exist, and secrets are files', () => {
    for (const settings of [settingsOf(base), settingsOf(example)]) {
      for (const name of Object.keys(settings)) {
        expect(ENV_NAMES).toContain(name);
        expect(SECRET_FILE_NAMES).not.toContain(`${name}_FILE`);
      }
    }
    for (const { name } of variables) expect(SECRET_FILE_NAMES).toContain(name);
  });

  it('are accepted by the program as the image starts it', async () => {
    const contents: Record<string, string> = {
      'better-auth-secret': BETTER_AUTH_SECRET,
      'redis-url': 'rediss://redis.example.org:6379',
      'smtp-url': 'smtps://user:password@mail.example.org:465',
    };
    const files: Record<string, string> = {};
    for (const { name, value } of variables) {
      const file = join(secrets, basename(value));
      const url = 'postgres://user:password@db.example.org/taskward?sslmode=verify-full';
      await writeFile(file, contents[basename(value)] ?? url);
      files[name] = file;
    }
    const dockerfile = readFileSync(join(root, 'docker/Dockerfile'), 'utf8');
    const [, image = ''] = /^ENV (NODE_ENV=.*)$/m.exec(dockerfile) ?? [];
    const ofImage = Object.fromEntries(
      image
        .split(' ')
        .map((pair): [string, string] => [pair.replace(/=.*/, ''), pair.replace(/^\w+=/, '')]),
    );
    const settings = { ...settingsOf(base), ...settingsOf(example) };
    const env = parseEnv({ ...ofImage, ...settings, ...files });
    expect(env).toMatchObject({ NODE_ENV: 'production', HOST: '0.0.0.0' });
    const ports = Object.fromEntries(api.ports.map((port) => [port.name, port.containerPort]));
    expect(ports).toEqual({ http: env.PORT, metrics: env.METRICS_PORT });
  });

  it('name files of the secrets that are mounted, which the example makes', () => {
    for (const [{ spec }, paths] of [
      [pod, variables],
      [backupPod, backup.env.filter(({ name }) => name.endsWith('_FILE'))],
    ] as const) {
      const volume = spec.volumes.find(({ secret }) => secret !== undefined);
      const mount = spec.containers[0].volumeMounts.find(({ name }) => name === volume?.name);
      const generator = example.secretGenerator.find(
        ({ name }) => name === volume?.secret?.secretName,
      );
      const keys = generator?.files.map((file) => basename(file.replace(/=.*/, '')));
      const expected = keys?.map((key) => `${mount?.mountPath ?? ''}/${key}`);
      expect(paths.map(({ value }) => value)).toEqual(expected);
    }
  });
});

describe('the names', () => {
  const labels = pod.metadata.labels;

  it('of ports are those of the container', () => {
    const names = api.ports.map(({ name }) => name);
    const { startupProbe, livenessProbe, readinessProbe } = api;
    for (const { httpGet } of [startupProbe, livenessProbe, readinessProbe])
      expect(names).toContain(httpGet.port);
    const service = find('Service').spec.ports;
    expect(service.map(({ targetPort }) => targetPort)).toEqual(names);
    const allowed = find('NetworkPolicy').spec.ingress.flatMap(({ ports }) => ports);
    expect(allowed.map(({ port }) => port)).toEqual(names);
    const [endpoint] = find('ServiceMonitor').spec.endpoints;
    expect(service.map(({ name }) => name)).toContain(endpoint?.port);
    expect(endpoint?.path).toBe('/metrics');
  });

  it('of labels select the pods', () => {
    const selectors = [
      find('Deployment').spec.selector.matchLabels,
      find('Service').spec.selector,
      find('PodDisruptionBudget').spec.selector.matchLabels,
      find('NetworkPolicy').spec.podSelector.matchLabels,
      ...pod.spec.topologySpreadConstraints.map(({ labelSelector }) => labelSelector.matchLabels),
    ];
    for (const selector of selectors) expect(selector).toEqual(labels);
    expect(find('ServiceMonitor').spec.selector.matchLabels).toEqual(
      find('Service').metadata.labels,
    );
    const ofBackup = find('NetworkPolicy', 'taskward-backup').spec.podSelector.matchLabels;
    expect(ofBackup).toEqual(backupPod.metadata.labels);
    expect(ofBackup).not.toEqual(labels);
  });

  it('of images are that of the example, and the PostgreSQL of Compose', () => {
    expect(example.images.map(({ name }) => name)).toEqual([api.image]);
    const services = readFileSync(join(root, 'docker/services.yaml'), 'utf8');
    expect(services).toContain(`image: ${backup.image}\n`);
  });

  it('of variables of the backup are read by its script', () => {
    for (const { name } of backup.env) expect(readText('base/backup.sh')).toContain(`{${name}:`);
  });
});

it.each([
  { name: 'the API', of: pod },
  { name: 'the backup', of: backupPod },
])('the pod of $name has no rights and limited memory', ({ of }) => {
  const { securityContext, containers } = of.spec;
  expect(securityContext).toMatchObject({
    runAsNonRoot: true,
    seccompProfile: { type: 'RuntimeDefault' },
  });
  expect(containers[0].securityContext).toEqual({
    allowPrivilegeEscalation: false,
    readOnlyRootFilesystem: true,
    capabilities: { drop: ['ALL'] },
  });
  expect(containers[0].resources).toMatchObject({
    requests: { cpu: expect.any(String) as unknown },
    limits: { memory: expect.stringMatching(/Mi$/) as unknown },
  });
});
