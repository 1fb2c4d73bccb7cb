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
 * Stops the server that an app killed with SIGKILL left behind, and removes a stale
 * `postmaster.pid`. The caller holds the lock of DATA_DIR, so no other app owns a server there. It
 * is stopped rather than adopted: a child process can be monitored, and runs with the settings of
 * this version.
 *
 * Only a process proven to be the server of this very cluster is signalled; a pid in a file proves
 * nothing.
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
  if ((await identifyProcess(pid, cluster)) === 'ours') {
    log(`stopping the server that an earlier start left running (process ${pid})`);
    // SIGINT disconnects clients and writes a checkpoint; SIGQUIT exits at once, and the next start
    // recovers.
    const stopped =
      (await terminate(pid, cluster, 'SIGINT', 10_000)) ||
      (await terminate(pid, cluster, 'SIGQUIT', 8_000));
    if (!stopped) {
      throw new EmbeddedPostgresError(
        `process ${pid}, the PostgreSQL that an earlier start left in ${cluster}, does not stop`,
      );
    }
  }
  if ((await identifyProcess(pid, cluster)) === 'other') {
    // PostgreSQL refuses to start while any process has that pid. If a server of this cluster is
    // running after all, it still refuses: it finds the shared memory by the inode of the data
    // directory.
    await rm(pidFile, { force: true });
    await removeSocket(cluster);
  }
}

/** The lock file of the socket names a process too, which PostgreSQL would wait for in vain. */
async function removeSocket(cluster: string): Promise<void> {
  await rm(join(cluster, `${SOCKET_NAME}.lock`), { force: true });
}

/** Returns the pid in the cluster's `postmaster.pid`, whether or not such a process exists. */
export function postmasterPid(cluster: string): Promise<number | undefined> {
  return postmasterLine(cluster, 1);
}

/** Returns the port in the cluster's `postmaster.pid`; undefined until the server has bound one. */
export function postmasterPort(cluster: string): Promise<number | undefined> {
  return postmasterLine(cluster, 4);
}

/**
 * Reads a number from `postmaster.pid`.
 *
 * https://www.postgresql.org/docs/18/storage-file-layout.html
 */
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

/** Returns the setting that identifies the cluster in a server's command line. */
export function clusterArgument(cluster: string): string {
  return `taskward.cluster=${cluster}`;
}

async function terminate(
  pid: number,
  cluster: string,
  signal: NodeJS.Signals,
  timeoutMs: number,
): Promise<boolean> {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if (codeOf(error) !== 'ESRCH') {
      throw error;
    }
  }
  const deadline = Date.now() + timeoutMs;
  while (Date.now() < deadline) {
    if ((await identifyProcess(pid, cluster)) === 'other') {
      return true;
    }
    await delay(20);
  }
  return false;
}

/**
 * Returns whether a process is the server of this cluster, something else (or gone), or a
 * PostgreSQL about which the system reveals too little, which is left to PostgreSQL's own check.
 */
async function identifyProcess(
  pid: number,
  cluster: string,
): Promise<'ours' | 'other' | 'unknown'> {
  const command = await commandLine(pid);
  if (!/(^|\/)postgres /.test(command)) {
    return 'other';
  }
  try {
    // The server's working directory is more reliable than a path: DATA_DIR may have been renamed
    // or copied.
    const [actual, expected] = await Promise.all([stat(`/proc/${pid}/cwd`), stat(cluster)]);
    return actual.ino === expected.ino && actual.dev === expected.dev ? 'ours' : 'other';
  } catch {
    // macOS has no /proc, and in a container root may not inspect processes of other accounts.
    return identifyCommand(command, cluster);
  }
}

function identifyCommand(command: string, cluster: string): 'ours' | 'other' | 'unknown' {
  if (`${command} `.includes(` ${clusterArgument(cluster)} `)) {
    return 'ours';
  }
  return command.includes(` ${clusterArgument('')}`) ? 'other' : 'unknown';
}

/** Returns the command line; empty for a process that is gone, a zombie, or not visible. */
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

/**
 * On Windows pg_ctl signals through a pipe that only PostgreSQL processes have, so a stale pid is
 * harmless.
 */
async function stopOnWindows(cluster: string, { pgCtl }: Binaries): Promise<void> {
  await run(pgCtl, ['stop', '-D', cluster, '-m', 'fast', '-w', '-t', '20'], {
    windowsHide: true,
    env: {},
  }).catch(() => undefined);
}
