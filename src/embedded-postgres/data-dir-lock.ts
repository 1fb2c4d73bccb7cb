import {
  accessSync,
  chmodSync,
  closeSync,
  constants,
  existsSync,
  openSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join, resolve } from 'node:path';
import { makeDirectory } from '../config/index.js';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as delay } from 'node:timers/promises';
import { codeOf, EmbeddedPostgresError, messageOf, propertyOf } from './postgres-errors.js';

const SQLITE_BUSY = 5;

/**
 * Keeps the handle of each lock reachable: garbage collection would close it and release the lock.
 */
const heldLocks = new Set<DatabaseSync>();

/** Another process, or another start in this one, is using the same DATA_DIR. */
export class DataDirInUseError extends Error {
  override readonly name = 'DataDirInUseError';

  constructor(directory: string, pid: number | undefined) {
    const holder = pid === undefined ? 'another process' : `process ${pid}`;
    super(
      `DATA_DIR ${directory} is in use by another Taskward (${holder}); stop that one or set another DATA_DIR`,
    );
  }
}

/**
 * Closes DATA_DIR to other accounts, including that of its own server, which inherits a descriptor
 * of its data directory. On systems where that is impossible, its account must be able to pass
 * through.
 */
function restrictPermissions(directory: string): void {
  const { uid, mode } = statSync(directory);
  const euid = process.geteuid?.();
  // A directory of another user, or one like /tmp, is shared on purpose.
  if (euid !== uid || (mode & 0o1000) !== 0) return;
  const mayPass = euid === 0 && !existsSync('/proc/self/fd') ? 0o011 : 0;
  chmodSync(directory, 0o700 | (mode & mayPass));
}

/**
 * Creates DATA_DIR for this account only, if it is missing, and returns its real path.
 *
 * @throws EmbeddedPostgresError when it cannot be created or written to
 */
export function openDataDir(dataDir: string): string {
  const directory = resolve(dataDir);
  try {
    makeDirectory(directory);
    restrictPermissions(directory);
    accessSync(directory, constants.W_OK | constants.X_OK);
    return realpathSync(directory);
  } catch (error) {
    throw unusableError(directory, error);
  }
}

/**
 * Locks a DATA_DIR and returns the function that releases the lock.
 *
 * The lock is SQLite's exclusive lock on an empty file. The operating system releases it with the
 * process, even after SIGKILL, and only one of two simultaneous starts gets it. A pid file
 * guarantees neither, as pids are reused after a reboot or in the next container; `taskward.pid`
 * only shows the loser which process holds the lock.
 *
 * @throws DataDirInUseError when it is locked
 */
export async function lockDataDir(directory: string): Promise<() => void> {
  const pidFile = join(directory, 'taskward.pid');
  const lock = tryLock(directory);
  if (!lock) {
    throw new DataDirInUseError(directory, await readHolder(pidFile));
  }
  heldLocks.add(lock);
  const release = (): void => {
    if (heldLocks.delete(lock)) {
      rmSync(pidFile, { force: true });
      lock.close();
    }
  };
  try {
    writeFileSync(pidFile, `${process.pid}\n`);
  } catch (error) {
    release();
    throw unusableError(directory, error);
  }
  return release;
}

function tryLock(directory: string): DatabaseSync | undefined {
  let database: DatabaseSync | undefined;
  try {
    const file = join(directory, 'taskward.lock');
    // A program that can open the file could lock it.
    closeSync(openSync(file, 'a', 0o600));
    chmodSync(file, 0o600);
    database = new DatabaseSync(file);
    // Nothing is ever written, so no journal file is needed.
    database.exec('pragma journal_mode = memory; begin exclusive');
    return database;
  } catch (error) {
    database?.close();
    if (propertyOf(error, 'errcode') === SQLITE_BUSY) {
      return undefined;
    }
    throw unusableError(directory, error);
  }
}

/** Reads the pid of the lock's holder, which writes it just after locking: hence the short wait. */
async function readHolder(pidFile: string): Promise<number | undefined> {
  const deadline = Date.now() + 500;
  do {
    const pid = readPid(pidFile);
    if (pid !== undefined && isAlive(pid)) {
      return pid;
    }
    await delay(20);
  } while (Date.now() < deadline);
  return undefined;
}

function readPid(pidFile: string): number | undefined {
  try {
    const pid = Number.parseInt(readFileSync(pidFile, 'utf8'), 10);
    return pid > 0 ? pid : undefined;
  } catch {
    return undefined;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return codeOf(error) === 'EPERM';
  }
}

function unusableError(directory: string, error: unknown): EmbeddedPostgresError {
  const owner = statSync(directory, { throwIfNoEntry: false })?.uid;
  const ownership =
    owner === undefined
      ? ''
      : `; it belongs to uid ${owner}, Taskward runs as uid ${process.geteuid?.()}`;
  return new EmbeddedPostgresError(
    `DATA_DIR ${directory} cannot be used (${messageOf(error)})${process.geteuid ? ownership : ''}; ` +
      'start as the account that created it, set another DATA_DIR, or set DATABASE_URL to use your own PostgreSQL',
    { cause: error },
  );
}
