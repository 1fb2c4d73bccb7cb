import { setTimeout as delay } from 'node:timers/promises';
import { Client, type ClientConfig } from 'pg';

/** Delay between two attempts, and the wait after which the holder is reported (ms). */
const POLL_MS = 100;
const REPORT_AFTER_MS = 5_000;

/** A lock of one database that programs agree on. */
export interface AdvisoryLock {
  /** An arbitrary number that no other program locks. */
  readonly id: string;
  readonly name: string;
}

type LockMode = 'exclusive' | 'shared';

export interface LockOptions {
  readonly mode?: LockMode;
  /** Receives a line when the lock has not been granted after some seconds. */
  readonly warn?: ((line: string) => void) | undefined;
}

/** The time is that of the transaction that holds the lock, or, of a session, of its last statement. */
const HOLDERS = `
  select pid, application_name as name, coalesce(xact_start, state_change)::text as since
    from pg_locks join pg_stat_activity using (pid)
   where locktype = 'advisory' and granted and objsubid = 1
     and pg_locks.database = (select oid from pg_database where datname = current_database())
     and (classid::bigint << 32 | objid::bigint) = $1
   order by since limit 1`;

interface Holder {
  readonly pid: number;
  readonly name: string | null;
  readonly since: string | null;
}

async function holderOf(client: Client, { id }: AdvisoryLock): Promise<string> {
  const { rows } = await client.query<Holder>(HOLDERS, [id]);
  const [holder] = rows;
  if (holder === undefined) return 'nobody any more';
  const { pid, name, since } = holder;
  return `process ${String(pid)} of PostgreSQL (${name ?? ''}) since ${since ?? 'an unknown time'}`;
}

/** Begins a transaction that holds a lock; returns false, and ends it, if somebody else holds the lock. */
async function tryLock(client: Client, { id }: AdvisoryLock, mode: LockMode): Promise<boolean> {
  await client.query('begin; set local idle_in_transaction_session_timeout = 0');
  const { rows } = await client.query<{ locked: boolean }>(
    `select pg_try_advisory_xact_lock${mode === 'shared' ? '_shared' : ''}(${id}) as locked`,
  );
  if (rows[0]?.locked === true) return true;
  await client.query('rollback');
  return false;
}

/**
 * Runs `work` while a connection of its own holds a lock, for a transaction: through a pooler, the lock of a
 * session could outlive it.
 *
 * The lock is tried again and again, in a transaction each: an index that is built concurrently waits
 * for the end of every transaction that had a snapshot when it looked, and would wait for one that
 * waits for the lock.
 */
export async function withAdvisoryLock<T>(
  config: ClientConfig,
  lock: AdvisoryLock,
  work: () => Promise<T>,
  { mode = 'exclusive', warn = () => undefined }: LockOptions = {},
): Promise<T> {
  const client = new Client({ application_name: `taskward, ${lock.name}`, ...config });
  // The connection is idle during `work`, and an unhandled error event would end the process.
  client.on('error', () => undefined);
  await client.connect();
  try {
    const startedAt = performance.now();
    for (let isReported = false; !(await tryLock(client, lock, mode));) {
      if (!isReported && performance.now() - startedAt > REPORT_AFTER_MS) {
        isReported = true;
        warn(`Waiting for the ${lock.name}, held by ${await holderOf(client, lock)}.`);
      }
      await delay(POLL_MS);
    }
    return await work();
  } finally {
    // Ends the transaction, and with it the lock.
    await client.end();
  }
}
