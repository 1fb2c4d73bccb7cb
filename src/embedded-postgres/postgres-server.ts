import { spawn, type ChildProcess } from 'node:child_process';
import { createServer } from 'node:net';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { EmbeddedPostgresError, ServerStartError } from './postgres-errors.js';
import { clusterArgument } from './postgres-leftover.js';
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
 * Starts the server and waits until its log says that it accepts connections.
 *
 * @param port the port to use where there are no sockets; by default a free one, and another if
 *   that is taken in the meantime
 * @throws ServerStartError when the server does not start
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
        !isTransient(error, wanted) ||
        Date.now() > deadline
      ) {
        throw error;
      }
      await delay(100);
    }
  }
}

/**
 * Returns whether to retry: the port was taken since the probe, or processes of a killed server are
 * still exiting.
 */
function isTransient({ output }: ServerStartError, port: number | undefined): boolean {
  return (
    (port === undefined && output.includes('could not bind')) ||
    output.includes('shared memory block')
  );
}

async function launch(setup: ServerSetup, port: number): Promise<Server> {
  const settings = [
    // Relative to the data directory, which only the server's account can enter. A relative path is
    // short whatever DATA_DIR is, and works where the account could not enter DATA_DIR.
    `listen_addresses=${USES_SOCKET ? '' : '127.0.0.1'}`,
    `unix_socket_directories=${USES_SOCKET ? '.' : ''}`,
    'log_destination=stderr',
    'logging_collector=off',
    // Statements and details of errors may contain user data, and these lines go to our own log.
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
  // For an exit that does not wait for stop(). After a signal's default action, the next start
  // cleans up.
  const onExit = (): void => void child.kill('SIGINT');
  process.once('exit', onExit);
  void ended.then(() => process.removeListener('exit', onExit));
  await waitUntilReady(setup, child, ended);
  return { port, ended, stop: () => stopChild(child, ended) };
}

function spawnServer(
  { binaries: { postgres }, cluster, account }: ServerSetup,
  directory: ChildDirectory,
  settings: string[],
): { child: ChildProcess; ended: Promise<string> } {
  const own = ['-c', 'log_line_prefix=', '-c', clusterArgument(cluster)];
  // A session of its own: Ctrl-C in the terminal reaches only the app, which stops the server after
  // draining.
  const options = { ...childOptions(account, postgres, directory), detached: true };
  const child = spawn(postgres, ['-D', directory.path, ...settings, ...own], options);
  const ended = new Promise<string>((resolve) => {
    child.once('error', (error) => {
      resolve(error.message);
    });
    child.once('exit', (code, signal) => {
      resolve(`it exited with ${signal ?? `code ${code}`}`);
    });
  });
  return { child, ended };
}

async function waitUntilReady(
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
    // Its last output may still be in the pipe.
    await Promise.race([closed, delay(1_000, undefined, { ref: false })]);
    throw new ServerStartError(cluster, outcome, output.join('\n'));
  }
}

async function stopChild(child: ChildProcess, ended: Promise<string>): Promise<void> {
  for (const [signal, timeoutMs] of [
    ['SIGINT', 10_000],
    ['SIGQUIT', 8_000],
  ] as const) {
    child.kill(signal);
    const timer = new AbortController();
    const outcome = await Promise.race([
      ended,
      delay(timeoutMs, undefined, { signal: timer.signal }).catch(() => undefined),
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
