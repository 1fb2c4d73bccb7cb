import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { Client } from 'pg';

type ServerModule = typeof import('../../src/embedded-postgres/postgres-server.ts');
type SocketModule = typeof import('../../src/embedded-postgres/postgres-socket.ts');
type Setup = Parameters<ServerModule['startServer']>[0];
type Server = Awaited<ReturnType<ServerModule['startServer']>>;

/** A module of the program, as it was built. */
export async function built<T>(name: string): Promise<T> {
  const path = join(import.meta.dirname, '../../dist/embedded-postgres', `${name}.js`);
  return (await import(pathToFileURL(path).href)) as T;
}

interface Prepared {
  readonly setup: Setup;
  readonly password: string;
}

async function prepare(dataDir: string): Promise<Prepared> {
  type Account = typeof import('../../src/embedded-postgres/postgres-account.ts');
  type Binaries = typeof import('../../src/embedded-postgres/postgres-binaries.ts');
  type Cluster = typeof import('../../src/embedded-postgres/postgres-cluster.ts');
  const { serverAccount } = await built<Account>('postgres-account');
  const { findBinaries } = await built<Binaries>('postgres-binaries');
  const { clusterPath, ensureCluster } = await built<Cluster>('postgres-cluster');
  await mkdir(dataDir, { recursive: true });
  const cluster = clusterPath(dataDir);
  const account = await serverAccount(cluster, undefined);
  const binaries = await findBinaries(account);
  const password = await ensureCluster(dataDir, binaries, account);
  return { setup: { cluster, binaries, account, log: () => undefined }, password };
}

/** The pid of the server whose files are in this DATA_DIR. */
export async function postmasterOf(dataDir: string): Promise<number> {
  const text = await readFile(join(dataDir, 'postgres', 'postmaster.pid'), 'utf8');
  return Number.parseInt(text, 10);
}

/** Waits until a server takes connections, and says when that was; `performance.now()`. */
export async function untilResponding(url: string): Promise<number> {
  for (;;) {
    const client = new Client({ connectionString: url, connectionTimeoutMillis: 1_000 });
    client.on('error', () => undefined);
    try {
      await client.connect();
      return performance.now();
    } catch {
      await delay(10);
    } finally {
      await client.end().catch(() => undefined);
    }
  }
}

/** A PostgreSQL that nobody but the test starts again. */
export class Postgres {
  readonly #dataDir: string;
  readonly #setup: Setup;
  readonly #password: string;
  #server: Server;
  #databases = 0;

  readonly #serverUrl: SocketModule['serverUrl'];

  private constructor(
    dataDir: string,
    { setup, password }: Prepared,
    server: Server,
    { serverUrl }: SocketModule,
  ) {
    this.#dataDir = dataDir;
    this.#setup = setup;
    this.#password = password;
    this.#server = server;
    this.#serverUrl = serverUrl;
  }

  static async start(dataDir: string): Promise<Postgres> {
    const prepared = await prepare(dataDir);
    const { startServer } = await built<ServerModule>('postgres-server');
    const socket = await built<SocketModule>('postgres-socket');
    return new Postgres(dataDir, prepared, await startServer(prepared.setup), socket);
  }

  #urlOf(database: string): string {
    return this.#serverUrl(this.#setup.cluster, this.#server.port, this.#password, database);
  }

  /** A new database with nothing in it. */
  async createDatabase(): Promise<string> {
    const name = `faults_${String((this.#databases += 1))}`;
    const client = new Client({ connectionString: this.#urlOf('postgres') });
    await client.connect();
    await client.query(`create database ${name}`).finally(() => client.end());
    return this.#urlOf(name);
  }

  /** SIGKILL, as when memory runs out. */
  async kill(): Promise<void> {
    process.kill(await postmasterOf(this.#dataDir), 'SIGKILL');
    await this.#server.ended;
  }

  /** Resolves when it takes connections again, at the same address. */
  async startAgain(): Promise<void> {
    const { startServer } = await built<ServerModule>('postgres-server');
    this.#server = await startServer(this.#setup, this.#server.port);
  }

  async stop(): Promise<void> {
    await this.#server.stop();
  }
}
