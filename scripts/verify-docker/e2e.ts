import { must, run } from './run.ts';

/**
 * Runs the e2e tests in Docker and removes what that made.
 *
 * @param report where Jest's JSON report goes, if it is wanted.
 * @returns the exit code of the tests.
 */
export async function runE2e(root: string, project: string, report?: string): Promise<number> {
  const compose = ['compose', '--project-name', project, '--file', 'docker/compose.e2e.yaml'];
  const docker = (...args: string[]) => [...compose, ...args];
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
