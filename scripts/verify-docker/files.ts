import { must } from './run.ts';

/** The ways to start, as the README has them. */
const COMPOSE_FILES = [
  'docker/compose.yaml',
  'docker/compose.scale.yaml',
  'docker/compose.citus.yaml',
  'docker/compose.e2e.yaml',
];

/**
 * Lets Docker check the files in `docker/` before anything is built.
 *
 * @throws Error with Docker's own message.
 */
export async function verifyFiles(root: string): Promise<void> {
  // Only its presence is looked at.
  const env = { POSTGRES_PASSWORD: 'placeholder' };
  for (const file of COMPOSE_FILES) {
    await must('docker', ['compose', '--file', file, 'config', '--quiet'], { cwd: root, env });
  }
  await must('docker', ['build', '--check', '--file', 'docker/Dockerfile', '.'], { cwd: root });
}
