import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  chown,
  lstat,
  mkdir,
  mkdtemp,
  open,
  readdir,
  readFile,
  rename,
  rm,
  stat,
  writeFile,
} from 'node:fs/promises';
import { join } from 'node:path';
import type { Account } from './postgres-account.js';
import type { Binaries } from './postgres-binaries.js';
import { codeOf, EmbeddedPostgresError } from './postgres-errors.js';
import { childOptions, withDirectory } from './postgres-process.js';

const UNFINISHED = 'postgres.init-';

/** Returns the directory of the cluster in a DATA_DIR. */
export function clusterPath(dataDir: string): string {
  return join(dataDir, 'postgres');
}

/**
 * Returns the uid that owns the cluster; undefined if there is no cluster yet, or on Windows, which
 * has no uids.
 */
export async function clusterOwner(cluster: string): Promise<number | undefined> {
  try {
    const { uid } = await stat(cluster);
    return process.platform === 'win32' ? undefined : uid;
  } catch (error) {
    if (codeOf(error) === 'ENOENT') {
      return undefined;
    }
    throw error;
  }
}

/**
 * Creates the cluster if DATA_DIR has none, and returns the superuser's password. The caller must
 * hold the lock of DATA_DIR.
 *
 * initdb runs in a temporary directory, which is renamed once everything is written and synced:
 * whenever the process is killed, `postgres` is either complete or absent. The next start removes
 * what was left unfinished.
 *
 * @throws EmbeddedPostgresError when initdb fails, or the password of an existing cluster is
 *   missing
 */
export async function ensureCluster(
  dataDir: string,
  binaries: Binaries,
  account: Account | undefined,
): Promise<string> {
  const cluster = clusterPath(dataDir);
  await removeUnfinished(dataDir);
  if (await lstat(cluster).catch(() => undefined)) {
    return readPassword(dataDir);
  }
  const temporaryDirectory = await mkdtemp(join(dataDir, UNFINISHED));
  try {
    const password = randomBytes(32).toString('base64url');
    const passwordFile = join(temporaryDirectory, 'password');
    await mkdir(join(temporaryDirectory, 'cluster'), { mode: 0o700 });
    await writeFile(passwordFile, `${password}\n`, { mode: 0o600 });
    if (account) {
      for (const path of [temporaryDirectory, join(temporaryDirectory, 'cluster'), passwordFile]) {
        await chown(path, account.uid, account.gid);
      }
    }
    await initialize(temporaryDirectory, binaries, account);
    if (account) {
      await chown(passwordFile, 0, 0);
    }
    await sync(passwordFile);
    // The password first: a password without a cluster is replaced, a cluster without its password
    // is lost.
    await rename(passwordFile, passwordPath(dataDir));
    await rename(join(temporaryDirectory, 'cluster'), cluster);
    await sync(dataDir);
    return password;
  } finally {
    await rm(temporaryDirectory, { recursive: true, force: true });
  }
}

async function initialize(
  workshop: string,
  { initdb }: Binaries,
  account: Account | undefined,
): Promise<void> {
  const output: string[] = [];
  const failure = await withDirectory(workshop, account, async (directory) => {
    const args = [
      `--pgdata=${directory.path}/cluster`,
      `--pwfile=${directory.path}/password`,
      '--username=postgres',
      '--auth=scram-sha-256',
      '--encoding=UTF8',
      '--locale-provider=builtin',
      '--builtin-locale=C.UTF-8',
      '--locale=C',
    ];
    const child = spawn(initdb, args, childOptions(account, initdb, directory));
    child.stdout?.on('data', (chunk: Buffer) => output.push(chunk.toString()));
    child.stderr?.on('data', (chunk: Buffer) => output.push(chunk.toString()));
    return new Promise<string | undefined>((resolve) => {
      child.once('error', (error) => resolve(error.message));
      child.once('close', (code, signal) =>
        resolve(code === 0 ? undefined : `it ended with ${signal ?? `code ${code}`}`),
      );
    });
  });
  if (failure !== undefined) {
    const lines = output.join('').trim().split('\n').slice(-8).join('\n');
    throw new EmbeddedPostgresError(
      `initdb (${initdb}) could not create a database in ${workshop}: ${failure}\n${lines}`,
    );
  }
}

/** An initdb whose app was just killed may still be writing there; then the next start succeeds. */
async function removeUnfinished(dataDir: string): Promise<void> {
  for (const name of await readdir(dataDir)) {
    if (name.startsWith(UNFINISHED)) {
      await rm(join(dataDir, name), { recursive: true, force: true, maxRetries: 3 }).catch(
        () => undefined,
      );
    }
  }
}

/**
 * Reads the superuser's password.
 *
 * @throws EmbeddedPostgresError when it is missing
 */
export async function readPassword(dataDir: string): Promise<string> {
  const path = passwordPath(dataDir);
  try {
    return (await readFile(path, 'utf8')).trim();
  } catch (error) {
    throw new EmbeddedPostgresError(
      `the password of the embedded database ${clusterPath(dataDir)} cannot be read from ${path}; ` +
        'restore that file, or remove both to start with an empty database',
      { cause: error },
    );
  }
}

function passwordPath(dataDir: string): string {
  return join(dataDir, 'postgres.password');
}

/** Waits until a file's contents, or a directory's entries, are on disk. */
async function sync(path: string): Promise<void> {
  const isWindows = process.platform === 'win32';
  if (isWindows && (await stat(path)).isDirectory()) {
    return;
  }
  const file = await open(path, isWindows ? 'r+' : 'r');
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}
