import type { DatabaseLimits } from '../config/index.js';
import { API_ROLE, DEFAULT_LIMITS, IDENTITY_ROLE, urlFor } from './connection.js';
import { type DatabaseUrls, sharedUrls } from './database-urls.js';
import {
  DataDirInUseError,
  runningEmbeddedUrl,
  startEmbeddedPostgres,
} from '../embedded-postgres/index.js';
import { migrate, MigrationError } from './migrate.js';
import { adviceFor, prepareLogin, renewLogin } from './own-login.js';

/** A migrated database, ready for the API and Better Auth. */
export interface Database {
  /** Names the role that may do everything. */
  readonly url: string;
  readonly urls: DatabaseUrls;
  /** Ends what was started here: the embedded server, and nothing when the URL was given. */
  stop(): Promise<void>;
}

export interface DatabaseOptions {
  /** Undefined: the embedded PostgreSQL, with its files in `dataDir`. */
  readonly url: string | undefined;
  /** The logins of the lesser roles; undefined: `url`. */
  readonly apiUrl?: string | undefined;
  readonly identityUrl?: string | undefined;
  /** Whether Better Auth runs in this process. */
  readonly hasIdentity?: boolean;
  readonly dataDir: string;
  readonly limits?: DatabaseLimits;
  readonly log: (line: string) => void;
  readonly warn?: (line: string) => void;
}

/** Names the variable that is to blame. */
async function blaming<T>(variable: string, work: Promise<T>): Promise<T> {
  return work.catch((error: unknown) => {
    const isExpected =
      error instanceof MigrationError || (error instanceof Error && 'code' in error);
    if (!isExpected) throw error;
    throw new MigrationError(`${variable}: ${error.message}`, { cause: error });
  });
}

/** The URLs of a database of somebody else's, each proved to lead where it should. */
async function prepareUrls(
  url: string,
  { apiUrl, identityUrl, hasIdentity = true, warn }: DatabaseOptions,
  limits: DatabaseLimits,
): Promise<DatabaseUrls> {
  const shared = sharedUrls(url, limits);
  const missing: Record<string, string> = {};
  const prepare = async (name: string, own: string | undefined, role: string, path: string) => {
    if (own === undefined) missing[name] = role;
    else await blaming(name, prepareLogin(url, { url: own, role, searchPath: path }, limits));
  };
  await prepare('DATABASE_API_URL', apiUrl, API_ROLE, 'public');
  if (hasIdentity) {
    await prepare('DATABASE_IDENTITY_URL', identityUrl, IDENTITY_ROLE, 'auth');
  }
  if (warn && Object.keys(missing).length > 0) warn(await adviceFor(url, missing, limits));
  return { ...shared, api: apiUrl ?? shared.api, identity: identityUrl ?? shared.identity };
}

/** The URLs of a server of ours: nothing that runs SQL there logs in as a role that may do more. */
async function embeddedUrls(url: string, limits: DatabaseLimits): Promise<DatabaseUrls> {
  const api = await renewLogin(url, API_ROLE, limits);
  const identity = await renewLogin(url, IDENTITY_ROLE, limits);
  const session = urlFor(identity, IDENTITY_ROLE, 'auth', limits);
  return { api: urlFor(api, API_ROLE, 'public', limits), identity: session, session };
}

/**
 * Starts the embedded PostgreSQL, unless a database is named, and migrates.
 *
 * @throws MigrationError, DataDirInUseError; nothing is left running then.
 */
export async function openDatabase(options: DatabaseOptions): Promise<Database> {
  const { url, dataDir, limits = DEFAULT_LIMITS, log } = options;
  if (url !== undefined) {
    const { connectTimeout } = limits;
    await blaming('DATABASE_URL', migrate(url, { connectTimeout }));
    const urls = await prepareUrls(url, options, limits);
    return { url, urls, stop: () => Promise.resolve() };
  }
  const server = await startEmbeddedPostgres({ dataDir, log });
  try {
    await migrate(server.url);
    const urls = await embeddedUrls(server.url, limits);
    return { url: server.url, urls, stop: () => server.stop() };
  } catch (error) {
    await server.stop();
    throw error;
  }
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
    const url = await runningEmbeddedUrl(options.dataDir);
    const urls = sharedUrls(url, options.limits ?? DEFAULT_LIMITS);
    return { url, urls, stop: () => Promise.resolve() };
  }
}
