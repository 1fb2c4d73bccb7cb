import { readdirSync, readFileSync } from 'node:fs';

/** Linux counts in hundredths of a second on every machine. */
export const TICK_MICROSECONDS = 10_000;

function readOrEmpty(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

/** Returns the CPU time in hundredths of a second. */
function ticksOf(pid: number): number {
  const stat = readOrEmpty(`/proc/${String(pid)}/stat`);
  // The name in parentheses may contain spaces; utime and stime are the 12th and 13th fields after
  // it.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return Number(fields[11]) + Number(fields[12]);
}

/**
 * Returns the CPU time of a process in microseconds; NaN without /proc. A tick is 3 % of what a short
 * measurement takes, so the nanoseconds of the scheduler count where the kernel shows them.
 */
export function cpuOf(pid: number): number {
  const threads = `/proc/${String(pid)}/task`;
  const nanoseconds = readdirOf(threads)
    .map((thread) => Number.parseInt(readOrEmpty(`${threads}/${thread}/schedstat`), 10))
    // NaN: the thread has ended since.
    .reduce((sum, time) => sum + (time || 0), 0);
  return nanoseconds > 0 ? nanoseconds / 1_000 : ticksOf(pid) * TICK_MICROSECONDS;
}

/** Returns the CPU time of several processes together. */
export const cpuOfAll = (pids: readonly number[]): number =>
  pids.reduce((sum, pid) => sum + cpuOf(pid), 0);

/** Returns this process and all that it has started. */
export function processTree(pid: number): number[] {
  const children = readOrEmpty(`/proc/${String(pid)}/task/${String(pid)}/children`);
  return [pid, ...children.split(' ').filter(Boolean).map(Number).flatMap(processTree)];
}

/** Returns the CPU time of each PostgreSQL process of a database, by its id; nothing if it is remote. */
export function cpuByProcess(database: string): Map<string, number> {
  const times = new Map<string, number>();
  for (const pid of readdirOf('/proc')) {
    if (!/^\d+$/.test(pid)) continue;
    const title = readOrEmpty(`/proc/${pid}/cmdline`);
    if (!title.startsWith('postgres: ')) continue;
    times.set(pid, title.split(' ').includes(database) ? cpuOf(Number(pid)) : 0);
  }
  return times;
}

/**
 * Returns the same for all PostgreSQL processes of a database; NaN if it is remote, 0 for a service
 * that has none.
 */
export function cpuOfDatabase(name: string | undefined): number {
  if (name === undefined) return 0;
  const times = [...cpuByProcess(name).values()];
  return times.length === 0 ? Number.NaN : times.reduce((sum, time) => sum + time);
}

function readdirOf(path: string): string[] {
  try {
    return readdirSync(path);
  } catch {
    return [];
  }
}

/** Returns the memory of a process in MiB; NaN without /proc. */
export function memoryOf(pid: number): number {
  const status = readOrEmpty(`/proc/${String(pid)}/status`);
  return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? Number.NaN) / 1024;
}
