import 'reflect-metadata';
import { setSourceMapsSupport } from 'node:module';
import type { Taskward } from './app.setup.js';

/** How long requests may take to finish at shutdown, and how long the whole shutdown may take. */
const DRAIN_TIMEOUT_MS = 5_000;
const SHUTDOWN_TIMEOUT_MS = 15_000;
/** Interval between checks that the parent process is still there. */
const ORPHAN_CHECK_INTERVAL_MS = 500;

/** Closes everything. Connections that are still busy at the timeout are closed too. */
async function stop({ nest, close }: Taskward): Promise<void> {
  setTimeout(() => {
    nest.getHttpServer().closeAllConnections();
  }, DRAIN_TIMEOUT_MS).unref();
  setTimeout(() => process.exit(1), SHUTDOWN_TIMEOUT_MS).unref();
  await close();
}

/**
 * Detects the end of npm, which passes SIGTERM on to its shell; the shell exits alone, and this
 * process gets a new parent.
 */
function onOrphaned(callback: () => void): void {
  const parent = process.ppid;
  setInterval(() => {
    if (process.ppid !== parent) callback();
  }, ORPHAN_CHECK_INTERVAL_MS).unref();
}

/** Shuts down on SIGINT and SIGTERM; exits at once while the program is still starting. */
function stopOnSignals(started: { readonly taskward?: Taskward }, underNpm: boolean): void {
  let stopping = false;
  const onSignal = (): void => {
    // Under npm, Ctrl-C arrives twice: from the terminal, and passed on by npm.
    if (stopping) return;
    stopping = true;
    const { taskward } = started;
    // An exit hook stops an embedded PostgreSQL that is starting.
    if (taskward === undefined) process.exit(0);
    stop(taskward).then(() => process.exit(0), fail);
  };
  process.on('SIGINT', onSignal).on('SIGTERM', onSignal);
  if (underNpm) onOrphaned(onSignal);
}

/** Prints expected errors as their message, all others with their stack. */
function fail(error: unknown): never {
  const expected = error instanceof Error && (error.name !== 'Error' || 'code' in error);
  const text = expected ? error.message : error instanceof Error ? error.stack : String(error);
  process.stderr.write(`${text ?? ''}\n`);
  process.exit(1);
}

async function main(): Promise<void> {
  // Enabled before our own code is loaded, and for it alone: `--enable-source-maps` would also keep
  // the maps of all libraries in memory.
  setSourceMapsSupport(true, { nodeModules: false });
  // The settings first: a wrong one is reported before the rest of the program is loaded.
  const { readEnv, STARTED_BY_NPM } = await import('./config/index.js');
  const started: { taskward?: Taskward } = {};
  stopOnSignals(started, STARTED_BY_NPM);
  const { env: settings, warnings } = readEnv();
  const { createTaskward } = await import('./app.setup.js');
  const taskward = await createTaskward(settings, warnings);
  started.taskward = taskward;
  try {
    await taskward.listen();
  } catch (error) {
    await taskward.close();
    throw error;
  }
  const { origin } = taskward.env;
  process.stdout.write(
    `Taskward is ready.\n  UI    ${origin}/\n  API   ${origin}/api/v1\n  Docs  ${origin}/docs\n`,
  );
}

main().catch(fail);
