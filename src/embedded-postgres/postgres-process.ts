import type { SpawnOptions } from 'node:child_process';
import { closeSync, existsSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import { accountCan, type Account } from './postgres-account.js';
import type { Binaries } from './postgres-binaries.js';
import { EmbeddedPostgresError } from './postgres-errors.js';

/** Everything needed to start the server of one cluster. */
export interface ServerSetup {
  readonly cluster: string;
  readonly binaries: Binaries;
  readonly account: Account | undefined;
  readonly log: (line: string) => void;
}

/** A server that accepts connections. */
export interface Server {
  readonly port: number;
  /** Resolves with the reason when the server has exited. */
  readonly ended: Promise<string>;
  /** Requests a fast shutdown and waits for it; rejects if the server does not stop. */
  stop(): Promise<void>;
}

/**
 * Path of a directory as a child process sees it, and the descriptor to inherit if the path depends
 * on one.
 */
export interface ChildDirectory {
  readonly path: string;
  readonly descriptor: number | undefined;
}

/**
 * Runs `callback` with a path of the directory that works for the account.
 *
 * Below a directory that the account may not enter, such as root's 0700 home, the plain path does
 * not work. On Linux a process can reach the directory through an inherited descriptor, as
 * `/proc/self/fd/3`: the data stays in DATA_DIR, and no permissions of the user's directories
 * change. PostgreSQL changes into its data directory once and uses relative paths from there; all
 * its processes keep the descriptor open.
 *
 * @throws EmbeddedPostgresError when neither path works
 */
export async function withDirectory<T>(
  directory: string,
  account: Account | undefined,
  callback: (directory: ChildDirectory) => T | Promise<T>,
): Promise<T> {
  if (!account || (await accountCan(account, ['-w', directory, '-a', '-x', directory]))) {
    return callback({ path: directory, descriptor: undefined });
  }
  if (!existsSync('/proc/self/fd')) {
    throw new EmbeddedPostgresError(
      `the account ${account.name}, which runs the embedded PostgreSQL, cannot enter ${dirname(directory)}; ` +
        'set DATA_DIR to a directory whose parents every account may enter, or start as an ordinary user',
    );
  }
  const descriptor = openSync(directory, 'r');
  try {
    return await callback({ path: '/proc/self/fd/3', descriptor });
  } finally {
    closeSync(descriptor);
  }
}

/**
 * Returns the options to start PostgreSQL's programs with: as the account; without the app's
 * environment, which contains secrets; in English, so that messages can be recognized; and in UTC.
 * Windows requires a few variables.
 */
export function childOptions(
  account: Account | undefined,
  program: string,
  directory?: ChildDirectory,
): SpawnOptions {
  return {
    ...(account && { uid: account.uid, gid: account.gid }),
    env: { LC_ALL: 'C', LC_MESSAGES: 'C', TZ: 'UTC' },
    // The account may be unable to reach the app's working directory.
    cwd: process.platform === 'win32' ? dirname(program) : '/',
    windowsHide: true,
    stdio: [
      'ignore',
      'pipe',
      'pipe',
      ...(directory?.descriptor === undefined ? [] : [directory.descriptor]),
    ],
  };
}
