import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { must, run } from './run.ts';

export interface E2eOptions {
  /** For Jest: all tests, when there are none. */
  readonly args?: readonly string[];
  /** Where Jest's JSON report goes, if it is wanted. */
  readonly report?: string | undefined;
}

/**
 * Runs the e2e tests in Docker and removes what that made.
 *
 * @returns the exit code of the tests.
 */
export async function runE2e(
  root: string,
  project: string,
  { args = [], report }: E2eOptions = {},
): Promise<number> {
  const directory = mkdtempSync(join(tmpdir(), 'taskward-e2e-'));
  const override = join(directory, 'override.yaml');
  writeFileSync(override, JSON.stringify({ services: { e2e: { command: args } } }));
  const files = ['--file', 'docker/compose.e2e.yaml', '--file', override];
  const docker = (...command: string[]) => [
    'compose',
    '--project-name',
    project,
    ...files,
    ...command,
  ];
  try {
    const { code } = await run('docker', docker('up', '--build', '--exit-code-from', 'e2e'), {
      cwd: root,
      show: true,
    });
    if (report) await run('docker', docker('cp', 'e2e:/app/report.json', report), { cwd: root });
    return code;
  } finally {
    const everything = ['--volumes', '--remove-orphans', '--rmi', 'local', '--timeout', '5'];
    await run('docker', docker('down', ...everything), { cwd: root });
    rmSync(directory, { recursive: true, force: true });
    await expectNothingLeft(project);
  }
}

/** Throws when a container, a network or a volume of the project is still there. */
export async function expectNothingLeft(project: string): Promise<void> {
  for (const kind of ['container', 'network', 'volume']) {
    const all = kind === 'container' ? ['--all'] : [];
    const filter = ['--filter', `label=com.docker.compose.project=${project}`];
    const left = await must('docker', [kind, 'ls', '--quiet', ...all, ...filter]).catch(() => '');
    if (left.trim() !== '') throw new Error(`a ${kind} of ${project} was left: ${left}`);
  }
}
