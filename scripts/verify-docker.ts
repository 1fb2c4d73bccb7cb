import { join } from 'node:path';
import { verifyFiles } from './verify-docker/files.ts';
import { verifyLive } from './verify-docker/live.ts';
import { hasEngine, interrupt } from './verify-docker/run.ts';

const root = join(import.meta.dirname, '..');

async function main(): Promise<void> {
  if (!(await hasEngine())) {
    console.log('No Docker engine responds: nothing was verified.');
    return;
  }
  await verifyFiles(root);
  await verifyLive(root, process.argv.slice(2));
  console.log('Verified.');
}

process.on('SIGINT', interrupt).on('SIGTERM', interrupt);
main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
