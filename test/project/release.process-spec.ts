import { spawnSync } from 'node:child_process';
import { cpSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';

const root = join(import.meta.dirname, '../..');
const folder = join(root, '.github/workflows');

interface Step {
  readonly uses?: string;
  readonly run?: string;
  readonly with?: Record<string, unknown>;
}

interface Workflow {
  readonly on: { readonly push: { readonly tags?: string[] } };
  readonly permissions: Record<string, string>;
  readonly jobs: Record<
    string,
    {
      readonly needs?: string;
      readonly environment?: string;
      readonly permissions?: Record<string, string>;
      readonly steps: Step[];
    }
  >;
}

const MANIFESTS = [
  'package.json',
  'clients/typescript/package.json',
  'clients/python/pyproject.toml',
];

const readWorkflow = (file: string) => parse(readFileSync(join(folder, file), 'utf8')) as Workflow;

describe.each(readdirSync(folder).map((file) => ({ file })))('the workflow $file', ({ file }) => {
  const { permissions, jobs } = readWorkflow(file);
  const steps = Object.values(jobs).flatMap((job) => job.steps);

  it('names each action by its commit, and that by its version', () => {
    const text = readFileSync(join(folder, file), 'utf8');
    const lines = text.split('\n').filter((line) => /^\s*(?:- )?uses:/.test(line));
    expect(lines.length).toBeGreaterThan(0);
    for (const line of lines) expect(line).toMatch(/uses: [\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
  });

  it('may only read, and leaves no credentials in the clone', () => {
    expect(permissions).toEqual({ contents: 'read' });
    const checkouts = steps.filter(({ uses }) => uses?.startsWith('actions/checkout@'));
    expect(checkouts.map((step) => step.with?.['persist-credentials'])).toEqual(
      checkouts.map(() => false),
    );
  });
});

describe('the release workflow', () => {
  const { on, jobs } = readWorkflow('release.yml');
  const { test, clients, publish, npm, pypi } = jobs;

  it('runs on tags of versions, and publishes what passes the checks and the tests', () => {
    expect(on).toEqual({ push: { tags: ['v*'] } });
    const commands = test?.steps.map(({ run }) => run);
    expect(commands).toEqual(expect.arrayContaining(['npm run check', 'npm test']));
    expect([clients?.needs, publish?.needs]).toEqual(['test', 'clients']);
    expect(publish?.permissions).toEqual({
      contents: 'write',
      packages: 'write',
      'id-token': 'write',
    });
  });

  it('builds with provenance and a bill of materials, and signs the digest', () => {
    const build = publish?.steps.find(({ uses }) => uses?.startsWith('docker/build-push-action@'));
    expect(build?.with).toMatchObject({
      target: 'final',
      push: true,
      provenance: 'mode=max',
      sbom: true,
    });
    const text = readFileSync(join(folder, 'release.yml'), 'utf8');
    expect(text).toMatch(
      /IMAGE: \S+ steps\.image\.outputs\.name \}\}@\S+ steps\.build\.outputs\.digest/,
    );
    expect(text).toMatch(/cosign sign --yes --recursive "\$IMAGE"/);
    expect(text).toMatch(/cosign attest --yes --type cyclonedx --predicate \S+ "\$IMAGE"/);
  });

  it('builds the clients before anything is published, without permission to publish', () => {
    expect(clients?.permissions).toBeUndefined();
    const commands = clients?.steps.flatMap(({ run }) => run ?? []) ?? [];
    const build = '.venv/bin/python -m build --no-isolation --outdir packages/pypi clients/python';
    expect(commands).toContain(build);
    // The registry compares the repository with the provenance.
    const repository = commands.findIndex((command) =>
      /repository\.url=\S+\$GITHUB_REPOSITORY/.test(command),
    );
    const pack = 'npm pack --workspace @taskward/client --pack-destination packages/npm';
    expect(commands.indexOf(pack)).toBeGreaterThan(repository);
    expect(repository).toBeGreaterThan(0);
  });

  it.each([
    { name: 'npm', job: npm },
    { name: 'pypi', job: pypi },
  ])(
    'publishes the client on $name by the identity of the workflow, after the image',
    ({ name, job }) => {
      expect(job).toMatchObject({ needs: 'publish', environment: name });
      expect(job?.permissions).toEqual({ 'id-token': 'write' });
      expect(JSON.stringify(job)).not.toMatch(/secrets\.|password|NODE_AUTH_TOKEN/);
    },
  );

  it('runs no code of the repository or its dependencies where clients are published', () => {
    expect(npm?.steps.flatMap(({ run }) => run ?? [])).toEqual([
      'npm publish ./packages/npm/*.tgz --provenance',
    ]);
    expect(pypi?.steps.flatMap(({ run }) => run ?? [])).toEqual([]);
    const actions = [npm, pypi].map((job) =>
      job?.steps.flatMap(({ uses }) => uses?.replace(/@.*/, '') ?? []),
    );
    expect(actions).toEqual([
      ['actions/download-artifact', 'actions/setup-node'],
      ['actions/download-artifact', 'pypa/gh-action-pypi-publish'],
    ]);
  });

  it('publishes the packages that it built', () => {
    const artifact = { name: 'packages', path: 'packages' };
    expect(clients?.steps.at(-1)?.with).toEqual({ ...artifact, 'if-no-files-found': 'error' });
    expect([npm?.steps[0]?.with, pypi?.steps[0]?.with]).toEqual([artifact, artifact]);
    expect(pypi?.steps.at(-1)?.with).toEqual({ 'packages-dir': 'packages/pypi' });
  });
});

describe('the notes of a release', () => {
  let copy: string;
  beforeAll(() => {
    copy = mkdtempSync(join(tmpdir(), 'taskward-release-'));
    for (const name of [...MANIFESTS, 'CHANGELOG.md', 'scripts/release-notes.ts']) {
      cpSync(join(root, name), join(copy, name));
    }
  });
  afterAll(() => {
    rmSync(copy, { recursive: true });
  });

  const notes = (tag: string) =>
    spawnSync(process.execPath, ['scripts/release-notes.ts', tag], { cwd: copy, encoding: 'utf8' });
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    version: string;
  };

  it('are refused for another version, and without a section', () => {
    expect(notes('v99.0.0')).toMatchObject({ status: 1, stdout: '' });
    expect(notes(`v${version}`)).toMatchObject({
      status: 1,
      stderr: `CHANGELOG.md has no section "## ${version} – <date>".\n`,
    });
  });

  it.each(MANIFESTS)('are refused while %s has another version', (name) => {
    const path = join(copy, name);
    const text = readFileSync(path, 'utf8');
    writeFileSync(path, text.replace(`"${version}"`, '"0.0.1"'));
    expect(notes(`v${version}`)).toMatchObject({
      status: 1,
      stderr: `The tag v${version} is not v0.0.1 of ${name}.\n`,
    });
    writeFileSync(path, text);
  });

  it('are the section of the version', () => {
    const changelog = '# Changelog\n\n## Unreleased\n\n- next\n\n';
    const older = '## 0.0.1 – 2026-01-01\n\n- older\n';
    writeFileSync(
      join(copy, 'CHANGELOG.md'),
      `${changelog}## ${version} – 2026-11-28\n\n### Added\n\n- this\n\n${older}`,
    );
    expect(notes(`v${version}`)).toMatchObject({ status: 0, stdout: '### Added\n\n- this\n' });
  });
});
