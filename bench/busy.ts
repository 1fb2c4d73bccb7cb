import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { cpuOf, processTree, TICK_MICROSECONDS } from './cpu.ts';

/** Largest part of the machine that others may use while figures are measured that are kept. */
export const MAX_BUSY = 0.1;
const SAMPLE_MS = 500;
const IDLE = 3;
const IO_WAIT = 4;
/** Fields that add up; guests' time, which follows, is part of the first two. */
const FIELDS = 8;

/** Returns the time of all processors since the start, and the part of it in which they worked. */
export function processorTimes(stat: string): { readonly all: number; readonly busy: number } {
  const fields = /^cpu +(.*)$/m.exec(stat)?.[1]?.split(' ').slice(0, FIELDS).map(Number) ?? [];
  const all = fields.reduce((sum, field) => sum + field, 0);
  return { all, busy: all - (fields[IDLE] ?? 0) - (fields[IO_WAIT] ?? 0) };
}

function now() {
  try {
    return processorTimes(readFileSync('/proc/stat', 'utf8'));
  } catch {
    return { all: Number.NaN, busy: Number.NaN };
  }
}

/** Returns the CPU time of each of our own processes, in the units of /proc/stat. */
const ownTimes = (): Map<number, number> =>
  new Map(processTree(process.pid).map((pid) => [pid, cpuOf(pid) / TICK_MICROSECONDS]));

/** Returns the time that was added; processes that ended in between do not count. */
const added = (before: Map<number, number>, after: Map<number, number>): number =>
  [...after].reduce((sum, [pid, time]) => sum + (time - (before.get(pid) ?? time) || 0), 0);

/** Watches how busy others keep the machine while no side works. */
export class BusyWatch {
  readonly #samples: number[] = [];

  /**
   * Returns the part of the machine that others use; NaN without /proc. PostgreSQL may still be tidying
   * up after a scenario, which does not count.
   */
  async sample(): Promise<number> {
    const [before, ownBefore] = [now(), ownTimes()];
    await delay(SAMPLE_MS);
    const [after, ownAfter] = [now(), ownTimes()];
    const others = after.busy - before.busy - added(ownBefore, ownAfter);
    const part = Math.max(0, others / (after.all - before.all));
    this.#samples.push(part);
    return part;
  }

  /** Returns the mean of all samples. */
  mean(): number {
    return this.#samples.reduce((sum, part) => sum + part, 0) / this.#samples.length;
  }
}

export const percent = (part: number): string => `${(part * 100).toFixed(0)} %`;
