import type { SpawnOptions } from 'node:child_process';
import { closeSync, existsSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import { accountCan, type Account } from './postgres-account.js';
import type { Binaries } from './postgres-binaries.js';
import { EmbeddedPostgresError } from './postgres-errors.js';

/** What it takes to start the server of one cluster. */
export interface ServerSetup {
  readonly cluster: string;
  readonly binaries: Binaries;
  readonly account: Account | undefined;
  readonly log: (line: string) => void;
}

/** A server that accepts connections. */
export interface Server {
  readonly port: number;
  /** Settles when the server has ended, for whatever reason, with that reason. */
  readonly ended: Promise<string>;
  /** Asks for a fast shutdown and waits; rejects when the server does not stop. */
  stop(): Promise<void>;
}

/** A directory as a child process names it, and the descriptor to hand on if the name depends on one. */
export interface ChildDirectory {
  readonly path: string;
  readonly descriptor: number | undefined;
}

/**
 * Runs `use` with a name of the directory that works for the account.
 *
 * Below a directory the account may not enter, such as root's 0700 home, the plain path is useless to it. Linux then
 * lets a process reach the directory through a descriptor it inherited, as `/proc/self/fd/3`: the data stays in
 * DATA_DIR, and no permission of the user's directories is changed. PostgreSQL changes into its data directory once
 * and uses relative paths from there; the descriptor stays open in all its processes.
 *
 * @throws EmbeddedPostgresError when neither way works
 */
export async function withDirectory<T>(
  directory: string,
  account: Account | undefined,
  use: (directory: ChildDirectory) => T | Promise<T>,
): Promise<T> {
  if (!account || (await accountCan(account, ['-w', directory, '-a', '-x', directory]))) {
    return use({ path: directory, descriptor: undefined });
  }
  if (!existsSync('/proc/self/fd')) {
    throw new EmbeddedPostgresError(
      `the account ${account.name}, which runs the embedded PostgreSQL, cannot enter ${dirname(directory)}; ` +
        'set DATA_DIR to a directory whose parents every account may enter, or start as an ordinary user',
    );
  }
  const descriptor = openSync(directory, 'r');
  try {
    return await use({ path: '/proc/self/fd/3', descriptor });
  } finally {
    closeSync(descriptor);
  }
}

/**
 * How each of PostgreSQL's programs is started: as the account, with none of the app's environment (which holds
 * secrets), in English so that its messages can be recognised, and in UTC. Windows adds what a process needs there.
 */
export function childOptions(
  account: Account | undefined,
  program: string,
  directory?: ChildDirectory,
): SpawnOptions {
  return {
    ...(account && { uid: account.uid, gid: account.gid }),
    env: { LC_ALL: 'C', LC_MESSAGES: 'C', TZ: 'UTC' },
    // The app's own working directory may be out of the account's reach.
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
