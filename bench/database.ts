import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Client } from 'pg';

type Embedded = typeof import('../src/embedded-postgres/embedded-postgres.ts');
type Migrations = typeof import('../src/database/migrate.ts');

export const ROOT = join(import.meta.dirname, '..');

/** Settings of a production server; all others have their defaults. */
const SETTINGS = {
  shared_buffers: '512MB',
  effective_cache_size: '1GB',
  max_wal_size: '4GB',
  checkpoint_timeout: '15min',
  random_page_cost: '1.1',
  max_connections: '100',
};

/** Imports a module of the built program. */
async function built<T>(name: string): Promise<T> {
  return (await import(pathToFileURL(join(ROOT, 'dist', `${name}.js`)).href)) as T;
}

/** Runs `work` with a connection of its own. */
export async function withClient<T>(
  connectionString: string,
  work: (client: Client) => Promise<T>,
): Promise<T> {
  const client = new Client({ connectionString, connectionTimeoutMillis: 10_000 });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

export interface PostgresServer {
  readonly url: string;
  readonly stop: () => Promise<void>;
}

/** Returns the server of DATABASE_URL, or starts one with its files in this folder. */
export async function openServer(folder: string): Promise<PostgresServer> {
  const { DATABASE_URL } = process.env;
  if (DATABASE_URL) return { url: DATABASE_URL, stop: () => Promise.resolve() };
  const { startEmbeddedPostgres } = await built<Embedded>('embedded-postgres/embedded-postgres');
  const first = await startEmbeddedPostgres({ dataDir: folder });
  await withClient(first.url, async (client) => {
    for (const [name, value] of Object.entries(SETTINGS)) {
      await client.query(`alter system set ${name} = '${value}'`);
    }
  }).finally(() => first.stop());
  return startEmbeddedPostgres({ dataDir: folder });
}

/** A database of the benchmark, dropped at its end. */
export interface Database {
  readonly name: string;
  readonly url: string;
}

const SUFFIX = randomBytes(4).toString('hex');

const urlOf = (server: string, name: string): string => {
  const address = new URL(server);
  address.pathname = `/${name}`;
  return address.href;
};

/** Creates a database with our tables. */
export async function createDatabase(server: string, kind: string): Promise<Database> {
  const name = `bench_${kind}_${SUFFIX}`;
  await withClient(server, (client) => client.query(`create database ${name}`));
  const url = urlOf(server, name);
  const { migrate } = await built<Migrations>('database/migrate');
  await migrate(url);
  return { name, url };
}

/** Copies the tables page by page, without row-level security. The original must not be in use. */
export async function copyDatabase(
  server: string,
  original: Database,
  kind: string,
): Promise<Database> {
  const name = `bench_${kind}_${SUFFIX}`;
  await withClient(server, (client) =>
    client.query(`create database ${name} template ${original.name}`),
  );
  const url = urlOf(server, name);
  await withClient(url, (client) =>
    client.query('alter table task no force row level security, disable row level security'),
  );
  return { name, url };
}

/** Keeps what a list needs: the primary key and the index of the order by creation. No search. */
export async function makeLean({ url }: Database): Promise<void> {
  await withClient(url, async (client) => {
    const { rows } = await client.query<{ name: string }>(
      `select indexrelid::regclass::text as name from pg_index
       where indrelid = 'task'::regclass and not indisprimary
         and indexrelid <> 'task_owner_created_index'::regclass`,
    );
    const names = rows.map(({ name }) => name).join();
    await client.query(`drop index ${names}`);
    await client.query('alter table task drop column terms cascade, drop column title_key');
    await client.query('vacuum full analyze task');
  });
}

export async function dropDatabase(server: string, { name }: Database): Promise<void> {
  await withClient(server, (client) => client.query(`drop database ${name} with (force)`));
}

const OTHERS = 100;

export interface Population {
  /** Owner of the tasks that are requested. */
  readonly owner: string;
  readonly own: number;
  /** Number of tasks of a hundred other users together. */
  readonly foreign: number;
}

/**
 * Inserts the same rows on every machine: the number of a row determines its content. The tasks of
 * all users are interleaved, as when they all write.
 */
export async function seed(url: string, { owner, own, foreign }: Population): Promise<void> {
  const step = Math.max(1, Math.round((own + foreign) / own));
  await withClient(url, async (client) => {
    await client.query(
      `insert into task (owner_id, id, title, description, tags, due_date, created_at, updated_at)
       select
         case when mine then $1 else 'other-' || n % ${String(OTHERS)} end,
         md5(($1 || n)::text)::uuid,
         'Task number ' || n,
         case when number % 3 = 0 then 'Something with milk and ' || n end,
         array['home', 't' || number % 7],
         case when number % 2 = 0 then date '2026-12-24' end,
         at, at
       from (
         select n, n % $2 = 0 and n / $2 <= $3 as mine,
           case when n % $2 = 0 then n / $2 else n end as number,
           timestamptz '2026-01-01' + n * interval '7 seconds' as at
         from generate_series(1, $4::int) n
       ) numbered`,
      [owner, step, own, own + foreign],
    );
    await client.query('vacuum analyze task');
  });
}
