import type { DatabaseLimits } from '../config/index.js';
import { API_ROLE, DEFAULT_LIMITS, IDENTITY_ROLE, urlFor } from './connection.js';
import { type DatabaseUrls, sharedUrls } from './database-urls.js';
import {
  DataDirInUseError,
  runningEmbeddedUrl,
  startEmbeddedPostgres,
} from '../embedded-postgres/index.js';
import { isDistributed } from './distribution.js';
import { migrate, MigrationError } from './migrate.js';
import { adviceFor, prepareLogin, renewLogin } from './own-login.js';
import { configOf, withClient } from './with-client.js';

/** A migrated database, ready for the API and Better Auth. */
export interface Database {
  /** Logs in as the role with all rights. */
  readonly url: string;
  readonly urls: DatabaseUrls;
  /** Whether the rows of users are on several servers, by `npm run db:distribute`. */
  readonly isDistributed: boolean;
  /** Stops the embedded server; does nothing if a URL was given. */
  stop(): Promise<void>;
}

export interface DatabaseOptions {
  /** Undefined for the embedded PostgreSQL, with its files in `dataDir`. */
  readonly url: string | undefined;
  /** The logins of the restricted roles; undefined for `url`. */
  readonly apiUrl?: string | undefined;
  readonly identityUrl?: string | undefined;
  /** Whether Better Auth runs in this process. */
  readonly hasIdentity?: boolean;
  readonly dataDir: string;
  readonly limits?: DatabaseLimits;
  readonly log: (line: string) => void;
  readonly warn?: (line: string) => void;
}

/** Prefixes the message of an expected error with the variable that caused it. */
async function withVariableName<T>(variable: string, work: Promise<T>): Promise<T> {
  return work.catch((error: unknown) => {
    const isExpected =
      error instanceof MigrationError || (error instanceof Error && 'code' in error);
    if (!isExpected) throw error;
    throw new MigrationError(`${variable}: ${error.message}`, { cause: error });
  });
}

/** Returns the URLs of a database that is not ours, after verifying each login. */
async function prepareUrls(
  url: string,
  { apiUrl, identityUrl, hasIdentity = true, warn }: DatabaseOptions,
  limits: DatabaseLimits,
  mode: { readonly isDistributed: boolean },
): Promise<DatabaseUrls> {
  const shared = sharedUrls(url, limits, mode);
  const missing: Record<string, string> = {};
  const prepare = async (name: string, own: string | undefined, role: string, path: string) => {
    if (own === undefined) missing[name] = role;
    else
      await withVariableName(name, prepareLogin(url, { url: own, role, searchPath: path }, limits));
  };
  await prepare('DATABASE_API_URL', apiUrl, API_ROLE, 'public');
  if (hasIdentity) {
    await prepare('DATABASE_IDENTITY_URL', identityUrl, IDENTITY_ROLE, 'auth');
  }
  if (warn && Object.keys(missing).length > 0) {
    const { text, remedy } = await adviceFor(url, missing, limits);
    warn([text, remedy].join(' '));
  }
  return { ...shared, api: apiUrl ?? shared.api, identity: identityUrl ?? shared.identity };
}

/** Returns the URLs of the embedded server: no connection for requests logs in as a stronger role. */
async function embeddedUrls(url: string, limits: DatabaseLimits): Promise<DatabaseUrls> {
  const apiLogin = await renewLogin(url, API_ROLE, limits);
  const api = urlFor(apiLogin, API_ROLE, 'public', limits);
  const identity = await renewLogin(url, IDENTITY_ROLE, limits);
  const session = urlFor(identity, IDENTITY_ROLE, 'auth', limits);
  return { api, identity: session, session, apiSession: api };
}

/**
 * Starts the embedded PostgreSQL, unless `url` is set, and migrates. On an error nothing is left running.
 *
 * @throws MigrationError, DataDirInUseError
 */
export async function openDatabase(options: DatabaseOptions): Promise<Database> {
  const { url, dataDir, limits = DEFAULT_LIMITS, log, warn } = options;
  if (url !== undefined) {
    const { connectTimeoutMs } = limits;
    await withVariableName('DATABASE_URL', migrate(url, { connectTimeoutMs, warn }));
    const mode = { isDistributed: await withClient(configOf(url, limits), isDistributed) };
    const urls = await prepareUrls(url, options, limits, mode);
    return { url, urls, ...mode, stop: () => Promise.resolve() };
  }
  const server = await startEmbeddedPostgres({ dataDir, log });
  try {
    await migrate(server.url, { warn });
    const urls = await embeddedUrls(server.url, limits);
    return { url: server.url, urls, isDistributed: false, stop: () => server.stop() };
  } catch (error) {
    await server.stop();
    throw error;
  }
}

/**
 * Opens the database for a command. If the program is running the embedded PostgreSQL, the command uses
 * that server and leaves it running.
 *
 * @throws MigrationError, EmbeddedPostgresError
 */
export async function joinDatabase(options: DatabaseOptions): Promise<Database> {
  try {
    return await openDatabase(options);
  } catch (error) {
    if (!(error instanceof DataDirInUseError)) throw error;
    const url = await runningEmbeddedUrl(options.dataDir);
    const urls = sharedUrls(url, options.limits ?? DEFAULT_LIMITS);
    return { url, urls, isDistributed: false, stop: () => Promise.resolve() };
  }
}
