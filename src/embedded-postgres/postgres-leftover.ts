import { execFile } from 'node:child_process';
import { readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import type { Binaries } from './postgres-binaries.js';
import { codeOf, EmbeddedPostgresError } from './postgres-errors.js';
import { SOCKET_NAME } from './postgres-socket.js';

const run = promisify(execFile);

/**
 * Stops the server that an app killed with SIGKILL left behind, and removes a stale `postmaster.pid`. The caller holds
 * the lock of DATA_DIR, so whatever server runs there belongs to nobody any more. It is stopped rather than adopted:
 * as our child the new one can be watched, and runs with this version's settings.
 *
 * Only a process proven to be the server of this very cluster is signalled; a pid in a file proves nothing.
 *
 * @throws EmbeddedPostgresError when that server does not stop
 */
export async function stopLeftover(
  cluster: string,
  binaries: Binaries,
  log: (line: string) => void,
): Promise<void> {
  const pidFile = join(cluster, 'postmaster.pid');
  const pid = await postmasterPid(cluster);
  if (pid === undefined) {
    await removeSocket(cluster);
    return;
  }
  if (process.platform === 'win32') {
    await stopOnWindows(cluster, binaries);
    return;
  }
  if ((await examine(pid, cluster)) === 'ours') {
    log(`stopping the server that an earlier start left running (process ${pid})`);
    // SIGINT lets clients go and writes everything down, SIGQUIT only ends it; the next start then recovers.
    const stopped =
      (await end(pid, cluster, 'SIGINT', 10_000)) || (await end(pid, cluster, 'SIGQUIT', 8_000));
    if (!stopped) {
      throw new EmbeddedPostgresError(
        `process ${pid}, the PostgreSQL that an earlier start left in ${cluster}, does not stop`,
      );
    }
  }
  if ((await examine(pid, cluster)) === 'other') {
    // PostgreSQL would refuse to start while any process has that pid. Should a server of this cluster run after all,
    // it refuses still: its shared memory is found by the data directory's inode.
    await rm(pidFile, { force: true });
    await removeSocket(cluster);
  }
}

/** The lock of a socket names a process too, for which PostgreSQL would wait in vain. */
async function removeSocket(cluster: string): Promise<void> {
  await rm(join(cluster, `${SOCKET_NAME}.lock`), { force: true });
}

/** The pid that the cluster's `postmaster.pid` names, whether or not such a process lives. */
export function postmasterPid(cluster: string): Promise<number | undefined> {
  return postmasterLine(cluster, 1);
}

/** The port that the cluster's `postmaster.pid` names; undefined until the server has bound one. */
export function postmasterPort(cluster: string): Promise<number | undefined> {
  return postmasterLine(cluster, 4);
}

/** https://www.postgresql.org/docs/18/storage-file-layout.html */
async function postmasterLine(cluster: string, line: number): Promise<number | undefined> {
  try {
    const lines = (await readFile(join(cluster, 'postmaster.pid'), 'utf8')).split('\n');
    const number = Number.parseInt(lines[line - 1] ?? '', 10);
    return number > 0 ? number : undefined;
  } catch (error) {
    if (codeOf(error) === 'ENOENT') {
      return undefined;
    }
    throw error;
  }
}

/** The setting by which a server's command line tells whose it is. */
export function identity(cluster: string): string {
  return `taskward.cluster=${cluster}`;
}

async function end(
  pid: number,
  cluster: string,
  signal: NodeJS.Signals,
  patience: number,
): Promise<boolean> {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if (codeOf(error) !== 'ESRCH') {
      throw error;
    }
  }
  const deadline = Date.now() + patience;
  while (Date.now() < deadline) {
    if ((await examine(pid, cluster)) === 'other') {
      return true;
    }
    await delay(20);
  }
  return false;
}

/**
 * Whose process a pid is: this cluster's server, something else (or nothing), or a PostgreSQL of which the system
 * tells too little, which is then left to PostgreSQL's own check.
 */
async function examine(pid: number, cluster: string): Promise<'ours' | 'other' | 'unknown'> {
  const command = await commandLine(pid);
  if (!/(^|\/)postgres /.test(command)) {
    return 'other';
  }
  try {
    // The server works in its data directory, which says more than a path: DATA_DIR may have been renamed or copied.
    const [actual, expected] = await Promise.all([stat(`/proc/${pid}/cwd`), stat(cluster)]);
    return actual.ino === expected.ino && actual.dev === expected.dev ? 'ours' : 'other';
  } catch {
    // macOS has no /proc, and in a container root may not look at another account's processes.
    return whoseCommand(command, cluster);
  }
}

function whoseCommand(command: string, cluster: string): 'ours' | 'other' | 'unknown' {
  if (`${command} `.includes(` ${identity(cluster)} `)) {
    return 'ours';
  }
  return command.includes(` ${identity('')}`) ? 'other' : 'unknown';
}

/** The command line; empty for a process that is gone, a zombie, or not to be seen. */
async function commandLine(pid: number): Promise<string> {
  try {
    if (process.platform === 'linux') {
      return (await readFile(`/proc/${pid}/cmdline`, 'utf8')).replaceAll('\0', ' ');
    }
    return (await run('/bin/ps', ['-ww', '-o', 'command=', '-p', String(pid)])).stdout.trim();
  } catch {
    return '';
  }
}

/** On Windows pg_ctl signals through a pipe that only PostgreSQL processes have; it finds nothing behind a stale pid. */
async function stopOnWindows(cluster: string, { pgCtl }: Binaries): Promise<void> {
  await run(pgCtl, ['stop', '-D', cluster, '-m', 'fast', '-w', '-t', '20'], {
    windowsHide: true,
    env: {},
  }).catch(() => undefined);
}
