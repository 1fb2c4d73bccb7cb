import 'reflect-metadata';
import { setSourceMapsSupport } from 'node:module';
import type { Taskward } from './app.setup.js';

/** Milliseconds that requests in flight are given to end by themselves, and the whole stop to end. */
const DRAIN_DEADLINE = 5_000;
const STOP_DEADLINE = 15_000;
/** Milliseconds between two looks for the parent process. */
const ORPHAN_CHECK = 500;

/** Ends everything; connections that hold it up are cut at the deadline. */
async function stop({ nest, close }: Taskward): Promise<void> {
  setTimeout(() => {
    nest.getHttpServer().closeAllConnections();
  }, DRAIN_DEADLINE).unref();
  setTimeout(() => process.exit(1), STOP_DEADLINE).unref();
  await close();
}

/** npm passes SIGTERM on to its shell, which dies of it alone; what is left gets a new parent. */
function onOrphaned(callback: () => void): void {
  const parent = process.ppid;
  setInterval(() => {
    if (process.ppid !== parent) callback();
  }, ORPHAN_CHECK).unref();
}

/** Ends on SIGINT and SIGTERM, from now on; while the program is still starting, at once. */
function stopOnSignals(started: { readonly taskward?: Taskward }, underNpm: boolean): void {
  let stopping = false;
  const onSignal = (): void => {
    // A terminal's Ctrl-C arrives twice under npm: from the terminal, and passed on by npm.
    if (stopping) return;
    stopping = true;
    const { taskward } = started;
    // An exit hook stops an embedded PostgreSQL that is coming up.
    if (taskward === undefined) process.exit(0);
    stop(taskward).then(() => process.exit(0), fail);
  };
  process.on('SIGINT', onSignal).on('SIGTERM', onSignal);
  if (underNpm) onOrphaned(onSignal);
}

/** What was thrown on purpose explains itself; anything else needs its stack. */
function fail(error: unknown): never {
  const expected = error instanceof Error && (error.name !== 'Error' || 'code' in error);
  const text = expected ? error.message : error instanceof Error ? error.stack : String(error);
  process.stderr.write(`${text ?? ''}\n`);
  process.exit(1);
}

async function main(): Promise<void> {
  // For our own code alone, and before it is loaded: the maps of the libraries are kept in memory,
  // and the flag --enable-source-maps reads them all.
  setSourceMapsSupport(true, { nodeModules: false });
  const { createTaskward } = await import('./app.setup.js');
  const { readEnv, STARTED_BY_NPM } = await import('./config/index.js');
  const started: { taskward?: Taskward } = {};
  stopOnSignals(started, STARTED_BY_NPM);
  const { env: settings, warnings } = readEnv();
  const taskward = await createTaskward(settings, warnings);
  started.taskward = taskward;
  const { env, nest } = taskward;
  try {
    await nest.listen(env.PORT, env.HOST);
  } catch (error) {
    await taskward.close();
    throw error;
  }
  const { origin } = env;
  process.stdout.write(
    `Taskward is ready.\n  UI    ${origin}/\n  API   ${origin}/api/v1\n  Docs  ${origin}/docs\n`,
  );
}

main().catch(fail);
