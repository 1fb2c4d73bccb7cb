import { CONNECT_TIMEOUT } from './connection.js';
import {
  DataDirInUseError,
  runningEmbeddedUrl,
  startEmbeddedPostgres,
} from './embedded-postgres.js';
import { migrate, MigrationError } from './migrate.js';

/** A migrated database, ready for the API and Better Auth. */
export interface Database {
  /** Names the role that may do everything; see `urlFor` for the others. */
  readonly url: string;
  /** Ends what was started here: the embedded server, and nothing when the URL was given. */
  stop(): Promise<void>;
}

export interface DatabaseOptions {
  /** Undefined: the embedded PostgreSQL, with its files in `dataDir`. */
  readonly url: string | undefined;
  readonly dataDir: string;
  /** Milliseconds. */
  readonly connectTimeout?: number;
  readonly log: (line: string) => void;
}

/**
 * Starts the embedded PostgreSQL, unless a database is named, and migrates.
 *
 * @throws MigrationError, DataDirInUseError; nothing is left running then.
 */
export async function openDatabase({
  url,
  dataDir,
  connectTimeout = CONNECT_TIMEOUT,
  log,
}: DatabaseOptions): Promise<Database> {
  if (url !== undefined) {
    await migrate(url, { connectTimeout }).catch((error: unknown) => {
      if (!(error instanceof MigrationError)) throw error;
      throw new MigrationError(`DATABASE_URL: ${error.message}`, { cause: error });
    });
    return { url, stop: () => Promise.resolve() };
  }
  const server = await startEmbeddedPostgres({ dataDir, log });
  try {
    await migrate(server.url);
  } catch (error) {
    await server.stop();
    throw error;
  }
  return server;
}

/**
 * The same for a command beside the program: where that one runs the embedded PostgreSQL, its
 * database is used, and goes on running.
 *
 * @throws MigrationError, EmbeddedPostgresError
 */
export async function joinDatabase(options: DatabaseOptions): Promise<Database> {
  try {
    return await openDatabase(options);
  } catch (error) {
    if (!(error instanceof DataDirInUseError)) throw error;
    return { url: await runningEmbeddedUrl(options.dataDir), stop: () => Promise.resolve() };
  }
}
