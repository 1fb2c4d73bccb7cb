import { readdirSync, readFileSync } from 'node:fs';

/** Linux counts in hundredths of a second, whatever the machine. */
const TICK = 10_000;

function text(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

/** Microseconds of CPU that a process has used; NaN where there is no /proc. */
export function cpuOf(pid: number): number {
  const stat = text(`/proc/${String(pid)}/stat`);
  // The name, in brackets, may hold blanks; utime and stime are the 12th and 13th field behind it.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) * TICK;
}

/** The same for all of PostgreSQL's processes that serve this database; NaN where it runs elsewhere. */
export function cpuOfDatabase(name: string): number {
  let total = Number.NaN;
  for (const pid of readdirOf('/proc')) {
    if (!/^\d+$/.test(pid)) continue;
    const title = text(`/proc/${pid}/cmdline`);
    if (!title.startsWith('postgres: ')) continue;
    total = (total || 0) + (title.split(' ').includes(name) ? cpuOf(Number(pid)) : 0);
  }
  return total;
}

function readdirOf(path: string): string[] {
  try {
    return readdirSync(path);
  } catch {
    return [];
  }
}

/** MiB of memory that a process holds; NaN where there is no /proc. */
export function memoryOf(pid: number): number {
  const status = text(`/proc/${String(pid)}/status`);
  return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? Number.NaN) / 1024;
}
