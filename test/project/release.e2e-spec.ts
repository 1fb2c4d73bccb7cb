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
      readonly permissions?: Record<string, string>;
      readonly steps: Step[];
    }
  >;
}

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
  const { test, publish } = jobs;

  it('runs on tags of versions, and publishes what passes the checks and the tests', () => {
    expect(on).toEqual({ push: { tags: ['v*'] } });
    const commands = test?.steps.map(({ run }) => run);
    expect(commands).toEqual(expect.arrayContaining(['npm run check', 'npm test']));
    expect(publish?.needs).toBe('test');
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
});

describe('the notes of a release', () => {
  let copy: string;
  beforeAll(() => {
    copy = mkdtempSync(join(tmpdir(), 'taskward-release-'));
    for (const name of ['package.json', 'CHANGELOG.md', 'scripts/release-notes.ts']) {
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
