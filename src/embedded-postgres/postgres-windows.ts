import { execFileSync, spawn } from 'node:child_process';
import { readFile, rm } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { messageOf, ServerStartError } from './postgres-errors.js';
import { postmasterPid } from './postgres-leftover.js';
import { childOptions, type Server, type ServerSetup } from './postgres-process.js';

/**
 * Starts the server through pg_ctl: postgres.exe refuses administrators, whose privileges pg_ctl
 * drops, and pg_ctl can request a shutdown where there are no signals. `windowsHide` gives it a
 * console of its own, which Ctrl-C does not reach.
 */
export async function startOnWindows(
  setup: ServerSetup,
  port: number,
  settings: string[],
): Promise<Server> {
  const { cluster, binaries } = setup;
  const logFile = `${cluster}.log`;
  await rm(logFile, { force: true });
  try {
    await pgCtl(setup, ['start', '-D', cluster, '-w', '-l', logFile, '-o', settings.join(' ')]);
  } catch (error) {
    const lines = (await readFile(logFile, 'utf8').catch(() => '')).trim().split(/\r?\n/);
    throw new ServerStartError(cluster, messageOf(error), lines.slice(-12).join('\n'));
  }
  const stop = ['stop', '-D', cluster, '-m', 'fast'];
  const onExit = (): void =>
    void execFileSync(binaries.pgCtl, [...stop, '-W'], { windowsHide: true, stdio: 'ignore' });
  process.once('exit', onExit);
  const ended = waitUntilGone(await postmasterPid(cluster));
  void ended.then(() => process.removeListener('exit', onExit));
  return {
    port,
    ended,
    stop: async () => {
      // If it has exited by itself, pg_ctl has nothing to stop, and fails.
      await Promise.race([ended, pgCtl(setup, [...stop, '-w', '-t', '20'])]);
      await ended;
    },
  };
}

/** No pipes: the server would inherit them, and keep them open after pg_ctl has exited. */
function pgCtl({ binaries: { pgCtl: program } }: ServerSetup, args: string[]): Promise<void> {
  const child = spawn(program, args, { ...childOptions(undefined, program), stdio: 'ignore' });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => {
      if (code === 0) {
        resolve();
      } else {
        reject(new Error(`pg_ctl ${args[0]} ended with code ${code}`));
      }
    });
  });
}

async function waitUntilGone(pid: number | undefined): Promise<string> {
  while (pid !== undefined && isAlive(pid)) {
    await delay(250, undefined, { ref: false });
  }
  return 'it ended';
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
