import { join } from 'node:path';
import { runE2e } from './verify-docker/e2e.ts';
import { interrupt } from './verify-docker/run.ts';

/** Runs the e2e tests in Docker; arguments go to Jest. Ctrl-C leaves nothing behind either. */
process.on('SIGINT', interrupt).on('SIGTERM', interrupt);
process.exitCode = await runE2e(join(import.meta.dirname, '..'), 'taskward-e2e', {
  args: process.argv.slice(2),
});
