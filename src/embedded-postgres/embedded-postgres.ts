import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { DataDirInUseError, lockDataDir, openDataDir } from './data-dir-lock.js';
import { serverAccount } from './postgres-account.js';
import { findBinaries } from './postgres-binaries.js';
import { clusterOwner, clusterPath, ensureCluster, readPassword } from './postgres-cluster.js';
import { EmbeddedPostgresError, messageOf } from './postgres-errors.js';
import { postmasterPort, stopLeftover } from './postgres-leftover.js';
import type { Server, ServerSetup } from './postgres-process.js';
import { startServer } from './postgres-server.js';
import { serverUrl } from './postgres-socket.js';

export { DataDirInUseError } from './data-dir-lock.js';

const DATABASE = 'taskward';

/** A running PostgreSQL that belongs to this process. */
export interface EmbeddedPostgres {
  /** Connection URL of the superuser, database `taskward`. */
  readonly url: string;
  /** Stops the server, waits for it to exit and releases DATA_DIR. May be called repeatedly. */
  stop(): Promise<void>;
}

export interface EmbeddedPostgresOptions {
  /** DATA_DIR; the cluster is in `<dataDir>/postgres`. Created if missing. */
  readonly dataDir: string;
  /** Receives each line that the server logs. */
  readonly log?: (line: string) => void;
}

/**
 * Starts the PostgreSQL that is used when `DATABASE_URL` is not set. It creates the cluster under
 * DATA_DIR the first time, and stops a server left behind by an app that was killed with SIGKILL.
 * The server listens on a Unix socket in the directory of the cluster (on Windows on a random port
 * of 127.0.0.1) and requires the password in `<dataDir>/postgres.password`. It is restarted at the
 * same address if it exits unexpectedly.
 *
 * @throws DataDirInUseError when another Taskward uses the same DATA_DIR; nothing has been
 *   touched then
 * @throws EmbeddedPostgresError when it cannot be started; the message says what to do
 * @example
 * const postgres = await startEmbeddedPostgres({ dataDir: '.data' });
 * // … connect to postgres.url …
 * await postgres.stop();
 */
export async function startEmbeddedPostgres({
  dataDir,
  log = () => undefined,
}: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const directory = openDataDir(dataDir);
  const unlock = await lockDataDir(directory);
  let server: Server | undefined;
  try {
    const cluster = clusterPath(directory);
    const account = await serverAccount(cluster, await clusterOwner(cluster));
    const binaries = await findBinaries(account);
    const password = await ensureCluster(directory, binaries, account);
    await stopLeftover(cluster, binaries, log);
    const setup = { cluster, binaries, account, log };
    server = await startServer(setup);
    const url = serverUrl(cluster, server.port, password, DATABASE);
    await ensureDatabase(url, directory);
    return { url, stop: supervise(setup, server, unlock) };
  } catch (error) {
    await server?.stop();
    unlock();
    throw error;
  }
}

/**
 * Returns the URL of the server that another process runs in DATA_DIR.
 *
 * @throws EmbeddedPostgresError when it has not started yet
 */
export async function runningEmbeddedUrl(dataDir: string): Promise<string> {
  const directory = openDataDir(dataDir);
  const port = await postmasterPort(clusterPath(directory));
  if (port === undefined) {
    throw new EmbeddedPostgresError(
      `the Taskward that uses DATA_DIR ${directory} is still starting; try again in a moment`,
    );
  }
  return serverUrl(clusterPath(directory), port, await readPassword(directory), DATABASE);
}

/**
 * Returns the server of DATA_DIR: the one that another process runs, which `stop` leaves alone, or
 * one that is started.
 *
 * @throws EmbeddedPostgresError
 */
export async function joinEmbeddedPostgres(dataDir: string): Promise<EmbeddedPostgres> {
  try {
    return await startEmbeddedPostgres({ dataDir });
  } catch (error) {
    if (!(error instanceof DataDirInUseError)) throw error;
    return { url: await runningEmbeddedUrl(dataDir), stop: () => Promise.resolve() };
  }
}

/** Restarts the server whenever it exits, until the returned function stops it for good. */
function supervise(setup: ServerSetup, first: Server, unlock: () => void): () => Promise<void> {
  const stopping = new AbortController();
  const supervision = (async (): Promise<void> => {
    let server: Server | undefined = first;
    while (server) {
      const reason = await Promise.race([server.ended, aborted(stopping.signal)]);
      if (reason === undefined) {
        await server.stop();
        return;
      }
      setup.log(`the server exited unexpectedly (${reason}); restarting it`);
      server = await restart(setup, server.port, stopping.signal);
    }
  })();
  // `stop()` awaits it; until then a rejection must not count as unhandled.
  supervision.catch(() => undefined);
  let stopped: Promise<void> | undefined;
  return () => {
    stopping.abort();
    stopped ??= supervision.finally(unlock);
    return stopped;
  };
}

/** Retries with increasing delays; returns undefined when stopped meanwhile. */
async function restart(
  setup: ServerSetup,
  port: number,
  stopping: AbortSignal,
): Promise<Server | undefined> {
  for (let delayMs = 100; !stopping.aborted; delayMs = Math.min(delayMs * 2, 2_000)) {
    try {
      return await startServer(setup, port);
    } catch (error) {
      setup.log(messageOf(error));
    }
    await delay(delayMs, undefined, { signal: stopping }).catch(() => undefined);
  }
  return undefined;
}

function aborted(signal: AbortSignal): Promise<undefined> {
  return new Promise((resolve) => {
    if (signal.aborted) {
      resolve(undefined);
    }
    signal.addEventListener('abort', () => resolve(undefined), { once: true });
  });
}

async function ensureDatabase(url: string, dataDir: string): Promise<void> {
  const maintenance = new URL(url);
  maintenance.pathname = '/postgres';
  // Without an explicit `ssl`, `pg` uses the caller's PGSSLMODE.
  const client = new pg.Client({
    connectionString: maintenance.href,
    connectionTimeoutMillis: 10_000,
    ssl: false,
  });
  try {
    await client.connect();
    const found = await client.query('select from pg_database where datname = $1', [DATABASE]);
    if (found.rowCount === 0) {
      await client.query(`create database ${DATABASE}`);
    }
  } catch (error) {
    throw new EmbeddedPostgresError(
      `the embedded database in ${dataDir} does not accept its password from postgres.password ` +
        `there, or has no database ${DATABASE} and cannot create it: ${messageOf(error)}`,
      { cause: error },
    );
  } finally {
    await client.end();
  }
}
