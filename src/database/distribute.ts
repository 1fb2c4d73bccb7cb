import type { Client } from 'pg';
import { appliedMigrations, pendingMigrations } from './applied-migrations.js';
import { migrationUrlFor, SYSTEM_ROLE } from './connection.js';
import { isDistributed } from './distribution.js';
import { messageOf, proveAll } from './distribution-proof.js';
import {
  distribute,
  DISTRIBUTED_TABLES,
  LOCK,
  type Move,
  UNDISTRIBUTE,
} from './distribution.sql.js';
import { MigrationError, withMigrationLock } from './migrate.js';
import { faultsOf } from './schema-faults.js';
import { configOf, inTransaction, sendAll, withClient } from './with-client.js';

const MIN_CITUS = 13;
const LOCK_TIMEOUT = '10s';
/** Faults of the schema that distributing mends itself. */
const REPLACED = new Set(['task_list_fkey']);

/** A condition of distributing, and how to meet it. */
interface Finding {
  readonly isMet: boolean;
  readonly text: string;
}

interface Citus {
  /** Undefined without Citus. */
  readonly version: string | undefined;
  /** Servers that shards can be on. */
  readonly nodes: readonly string[];
}

async function citusOf(client: Client): Promise<Citus> {
  const { rows } = await client.query<{ has: boolean }>(
    `select to_regprocedure('citus_version()') is not null as has`,
  );
  if (rows[0]?.has !== true) return { version: undefined, nodes: [] };
  const found = await client.query<{ version: string; nodes: string[] }>(
    `select (regexp_match(citus_version(), '\\d[\\d.]*'))[1] as version,
       array(select nodename || ':' || nodeport from pg_dist_node
         where shouldhaveshards and isactive and noderole = 'primary' order by 1) as nodes`,
  );
  const [row] = found.rows;
  return { version: row?.version, nodes: row?.nodes ?? [] };
}

/** Returns the other clients of the database; connections between its servers are not among them. */
async function clientsOf(client: Client): Promise<string[]> {
  const { rows } = await client.query<{ client: string }>(
    `select distinct format('%s (%s)', usename, coalesce(nullif(application_name, ''), 'without a name')) as client
       from pg_stat_activity
      where datname = current_database() and pid <> pg_backend_pid()
        and coalesce(backend_type, 'client backend') = 'client backend'
        and application_name not ilike 'citus%' and application_name not like 'taskward, lock of %'
      order by 1`,
  );
  return rows.map(({ client: name }) => name);
}

const stillConnected = (clients: readonly string[]) =>
  `Others are connected, stop all instances and poolers: ${clients.join(', ')}`;

/** Returns each condition of distributing a database, met or not. */
async function findingsOf(client: Client): Promise<Finding[]> {
  const { version, nodes } = await citusOf(client);
  const pending = pendingMigrations(await appliedMigrations(client));
  const faults = pending.length > 0 ? [] : await faultsOf(client);
  const offenders = faults.filter(({ name }) => !REPLACED.has(name));
  const clients = await clientsOf(client);
  const finding = (isMet: boolean, met: string, unmet: string) => ({
    isMet,
    text: isMet ? met : unmet,
  });
  return [
    finding(
      Number.parseInt(version ?? '0', 10) >= MIN_CITUS,
      `Citus ${version ?? ''} is there.`,
      `Citus ${String(MIN_CITUS)} or later is needed, and ${version === undefined ? 'is not there: create extension citus' : `this is ${version}`}.`,
    ),
    finding(
      nodes.length > 0,
      `Servers for rows: ${nodes.join(', ')}.`,
      `There is no server for rows: select citus_add_node('worker', 5432), or for one server alone ` +
        `select citus_set_node_property('coordinator', 5432, 'shouldhaveshards', true).`,
    ),
    finding(
      pending.length === 0,
      'The schema is migrated.',
      `The schema is not migrated, ${pending.join(', ')} are missing: start this version once.`,
    ),
    finding(
      offenders.length === 0,
      'The schema can be distributed.',
      `The schema cannot be distributed: ${offenders.map(({ name, fault }) => `${name} is ${fault}`).join('; ')}.`,
    ),
    finding(clients.length === 0, 'Nothing else is connected.', `${stillConnected(clients)}.`),
  ];
}

type Counts = Readonly<Record<string, string>>;

/** Counts all rows of each table, as their owner, to whom no policy applies at that time. */
async function countRows(client: Client): Promise<Counts> {
  const counts: Record<string, string> = {};
  for (const table of DISTRIBUTED_TABLES) {
    const { rows } = await client.query<{ count: string }>(
      `select count(*)::text as count from public.${table}`,
    );
    counts[table] = rows[0]?.count ?? '0';
  }
  return counts;
}

function assertSame(before: Counts, after: Counts): void {
  const changed = DISTRIBUTED_TABLES.filter((table) => before[table] !== after[table]);
  if (changed.length === 0) return;
  const differences = changed.map(
    (table) => `${table} has ${after[table] ?? '0'} of ${before[table] ?? '0'}`,
  );
  throw new MigrationError(`rows would be lost: ${differences.join(', ')}`);
}

/** Moves rows in one transaction, which fails if any is lost. */
export async function moveRows(client: Client, { before, rows, after }: Move): Promise<void> {
  await inTransaction(client, async () => {
    await client.query(`set local lock_timeout = '${LOCK_TIMEOUT}'`);
    await client.query(`set local citus.multi_shard_modify_mode = 'sequential'`);
    await client.query(LOCK);
    await sendAll(client, before);
    const counts = await countRows(client);
    await sendAll(client, rows);
    assertSame(counts, await countRows(client));
    await sendAll(client, after);
  });
}

/** Returns the number of tasks on each server, as the role that sees all rows. */
async function tasksByNode(client: Client): Promise<string[]> {
  return inTransaction(client, async () => {
    await client.query(`set local role ${SYSTEM_ROLE}`);
    const { rows } = await client.query<{ line: string }>(
      `select format('%s:%s  %s tasks', nodename, nodeport, sum(result::bigint)) as line
         from run_command_on_shards('public.task', 'select count(*) from %s') join citus_shards using (shardid)
        group by nodename, nodeport order by nodename, nodeport`,
    );
    return rows.map(({ line }) => line);
  });
}

/** Thrown when rows are distributed, cannot be proved, and cannot be brought back. */
class NotBroughtBackError extends MigrationError {}

export interface DistributeOptions {
  /** Number of parts that users are spread over: at least the servers that there will ever be. */
  readonly shards: number;
  readonly connectTimeoutMs: number;
}

/** Returns a line for each condition of distributing, and whether all are met. */
export async function checkDistributable(
  databaseUrl: string,
  { connectTimeoutMs }: Pick<DistributeOptions, 'connectTimeoutMs'>,
): Promise<{ readonly isMet: boolean; readonly lines: readonly string[] }> {
  const config = configOf(migrationUrlFor(databaseUrl), { connectTimeoutMs });
  const findings = await withClient(config, findingsOf);
  return {
    isMet: findings.every(({ isMet }) => isMet),
    lines: findings.map(({ isMet, text }) => `${isMet ? 'ok     ' : 'missing'}  ${text}`),
  };
}

/**
 * Distributes the rows of users over the servers of a Citus cluster, all rows of a user to one of them.
 * Brings them back if it cannot prove that each server has its rows.
 *
 * @returns a line for each server
 * @throws MigrationError, which says whether anything has changed
 */
export async function distributeDatabase(
  databaseUrl: string,
  { shards, connectTimeoutMs }: DistributeOptions,
): Promise<string[]> {
  return withDatabase(databaseUrl, connectTimeoutMs, async (client) => {
    if (await isDistributed(client)) throw new MigrationError('it is distributed already');
    const unmet = (await findingsOf(client)).filter(({ isMet }) => !isMet);
    if (unmet.length > 0) throw new MigrationError(unmet.map(({ text }) => text).join(' '));
    await moveRows(client, distribute(shards));
    try {
      const { nodes } = await citusOf(client);
      await proveAll(client, nodes);
      return await tasksByNode(client);
    } catch (error) {
      await moveRows(client, UNDISTRIBUTE).catch((reason: unknown) => {
        throw new NotBroughtBackError(messageOf(error), { cause: reason });
      });
      throw error;
    }
  });
}

/** Brings all rows back to one server. @throws MigrationError; then nothing has changed */
export async function undistributeDatabase(
  databaseUrl: string,
  { connectTimeoutMs }: Pick<DistributeOptions, 'connectTimeoutMs'>,
): Promise<void> {
  await withDatabase(databaseUrl, connectTimeoutMs, async (client) => {
    if (!(await isDistributed(client))) throw new MigrationError('it is not distributed');
    const clients = await clientsOf(client);
    if (clients.length > 0) throw new MigrationError(stillConnected(clients));
    await moveRows(client, UNDISTRIBUTE);
  });
}

/** Runs `work` while no instance can start. */
async function withDatabase<T>(
  databaseUrl: string,
  connectTimeoutMs: number,
  work: (client: Client) => Promise<T>,
): Promise<T> {
  const config = configOf(migrationUrlFor(databaseUrl), { connectTimeoutMs });
  return withMigrationLock(config, () => withClient(config, work)).catch((error: unknown) => {
    const outcome =
      error instanceof NotBroughtBackError
        ? 'The rows are distributed, and could not be brought back: npm run db:distribute -- --undo'
        : 'Nothing has changed';
    throw new MigrationError(`DATABASE_URL: ${messageOf(error)}. ${outcome}`, { cause: error });
  });
}
