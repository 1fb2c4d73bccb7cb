import { spawn, type ChildProcess } from 'node:child_process';
import { createServer } from 'node:net';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { EmbeddedPostgresError, ServerStartError } from './postgres-errors.js';
import { identity } from './postgres-leftover.js';
import {
  childOptions,
  withDirectory,
  type ChildDirectory,
  type Server,
  type ServerSetup,
} from './postgres-process.js';
import { SOCKET_PORT, USES_SOCKET } from './postgres-socket.js';
import { startOnWindows } from './postgres-windows.js';

/**
 * Starts the server and waits until it accepts connections, which its log tells.
 *
 * @param port the port to use where there are no sockets; without it a free one is picked, and another if that is
 *   taken in the meantime
 * @throws ServerStartError when the server does not come up
 */
export async function startServer(setup: ServerSetup, port?: number): Promise<Server> {
  const deadline = Date.now() + 15_000;
  const wanted = USES_SOCKET ? SOCKET_PORT : port;
  for (;;) {
    try {
      return await launch(setup, wanted ?? (await freePort()));
    } catch (error) {
      if (
        !(error instanceof ServerStartError) ||
        !isPassing(error, wanted) ||
        Date.now() > deadline
      ) {
        throw error;
      }
      await delay(100);
    }
  }
}

/** A port that was taken since the probe, or the last processes of a server that was killed a moment ago. */
function isPassing({ output }: ServerStartError, port: number | undefined): boolean {
  return (
    (port === undefined && output.includes('could not bind')) ||
    output.includes('shared memory block')
  );
}

async function launch(setup: ServerSetup, port: number): Promise<Server> {
  const settings = [
    // The server works in its data directory, which is open to its account alone. A relative name is short
    // however long that of DATA_DIR is, and leads there where the account could not enter DATA_DIR.
    `listen_addresses=${USES_SOCKET ? '' : '127.0.0.1'}`,
    `unix_socket_directories=${USES_SOCKET ? '.' : ''}`,
    'log_destination=stderr',
    'logging_collector=off',
    // Statements and details of an error may hold what users wrote, and the lines are in our own log.
    'log_min_error_statement=panic',
    'log_error_verbosity=terse',
  ];
  const args = ['-p', String(port), ...settings.flatMap((setting) => ['-c', setting])];
  if (process.platform === 'win32') {
    return startOnWindows(setup, port, args);
  }
  const { child, ended } = await withDirectory(setup.cluster, setup.account, (directory) =>
    spawnServer(setup, directory, args),
  );
  // For an exit that did not wait for stop(). After a signal's default action the next start cleans up.
  const onExit = (): void => void child.kill('SIGINT');
  process.once('exit', onExit);
  void ended.then(() => process.removeListener('exit', onExit));
  await untilReady(setup, child, ended);
  return { port, ended, stop: () => stopChild(child, ended) };
}

function spawnServer(
  { binaries: { postgres }, cluster, account }: ServerSetup,
  directory: ChildDirectory,
  settings: string[],
): { child: ChildProcess; ended: Promise<string> } {
  const own = ['-c', 'log_line_prefix=', '-c', identity(cluster)];
  // Its own session: a Ctrl-C in the terminal goes to the app alone, which stops the server after it has drained.
  const options = { ...childOptions(account, postgres, directory), detached: true };
  const child = spawn(postgres, ['-D', directory.path, ...settings, ...own], options);
  const ended = new Promise<string>((resolve) => {
    child.once('error', (error) => {
      resolve(error.message);
    });
    child.once('exit', (code, signal) => {
      resolve(`it ended with ${signal ?? `code ${code}`}`);
    });
  });
  return { child, ended };
}

async function untilReady(
  { cluster, log }: ServerSetup,
  child: ChildProcess,
  ended: Promise<string>,
): Promise<void> {
  const output: string[] = [];
  const ready = Promise.withResolvers<'ready'>();
  const closed = new Promise<void>((resolve) => child.once('close', () => resolve()));
  for (const stream of [child.stdout, child.stderr]) {
    if (stream) {
      createInterface({ input: stream }).on('line', (line) => {
        log(line);
        output.push(line);
        output.splice(0, output.length - 12);
        if (line.includes('ready to accept connections')) {
          ready.resolve('ready');
        }
      });
    }
  }
  const outcome = await Promise.race([ready.promise, ended]);
  if (outcome !== 'ready') {
    // What it wrote last may still be in the pipe.
    await Promise.race([closed, delay(1_000, undefined, { ref: false })]);
    throw new ServerStartError(cluster, outcome, output.join('\n'));
  }
}

async function stopChild(child: ChildProcess, ended: Promise<string>): Promise<void> {
  for (const [signal, patience] of [
    ['SIGINT', 10_000],
    ['SIGQUIT', 8_000],
  ] as const) {
    child.kill(signal);
    const timer = new AbortController();
    const outcome = await Promise.race([
      ended,
      delay(patience, undefined, { signal: timer.signal }).catch(() => undefined),
    ]);
    timer.abort();
    if (outcome !== undefined) {
      return;
    }
  }
  throw new EmbeddedPostgresError(`the embedded PostgreSQL (process ${child.pid}) does not stop`);
}

async function freePort(): Promise<number> {
  const probe = createServer();
  return new Promise((resolve, reject) => {
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}
