import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { problemsOfFiles } from './verify-docker/files.ts';
import { verifyLive } from './verify-docker/live.ts';
import { hasEngine, interrupt } from './verify-docker/run.ts';

const root = join(import.meta.dirname, '..');

/** The variables of `src/config/env.ts`, as it was built. */
async function envNames(): Promise<ReadonlySet<string>> {
  const built = pathToFileURL(join(root, 'dist/config/env.js')).href;
  return ((await import(built)) as { ENV_NAMES: ReadonlySet<string> }).ENV_NAMES;
}

async function main(): Promise<void> {
  const problems = problemsOfFiles(root, await envNames());
  if (problems.length > 0) throw new Error(problems.join('\n'));
  console.log('Checked: what the files in docker/ name is there, pinned and known.');
  if (!(await hasEngine())) {
    console.log('No Docker engine answers: this is all that was done.');
    return;
  }
  await verifyLive(root, process.argv.slice(2));
  console.log('Verified.');
}

process.on('SIGINT', interrupt).on('SIGTERM', interrupt);
main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
