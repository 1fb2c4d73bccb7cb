import { readdir, readFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { Load } from '../load.ts';
import { type Context, type Scenario, startProgram } from '../scenario.ts';

/** Minutes until caches are full, code is compiled, and growth means something. */
const WARM_UP = 2;
/** How much more memory, and how many more handles, the last minute may have than the first warm one. */
const MORE_MEMORY = 1.25;
const MORE_HANDLES = 5;

interface Minute {
  /** MiB. */
  readonly memory: number;
  readonly handles: number;
}

/** Returns Linux's figures of the process; NaN on other systems. */
async function measure(pid: number): Promise<Minute> {
  const status = await readFile(`/proc/${String(pid)}/status`, 'utf8').catch(() => '');
  const kilobytes = Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? Number.NaN);
  const handles = await readdir(`/proc/${String(pid)}/fd`).catch(() => undefined);
  return { memory: kilobytes / 1024, handles: handles?.length ?? Number.NaN };
}

function quantile(sorted: readonly number[], q: number): string {
  const seconds = sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * q))] ?? Number.NaN;
  return (seconds * 1_000).toFixed(1);
}

export const soak: Scenario = {
  name: 'soak',
  title: ({ minutes }) => `soak, ${String(minutes)} minutes`,
  async run(context: Context) {
    const { postgres, tally, size, print } = context;
    const DATABASE_URL = await postgres.createDatabase();
    const { program, url } = await startProgram(context, { DATABASE_URL });
    const load = await Load.start(url, tally, { readsPerWrite: 25 });
    let seconds: number[] = [];
    load.client.onResponse = (taken) => {
      seconds.push(taken);
      tally.slowest = Math.max(tally.slowest, taken);
    };
    const minutes: Minute[] = [];
    print('| minute | requests/s | p50 ms | p99 ms | memory MiB | handles |');
    print('| ------ | ---------- | ------ | ------ | ---------- | ------- |');
    for (let minute = 1; minute <= size.minutes; minute += 1) {
      await delay(60_000);
      const sorted = seconds.sort((a, b) => a - b);
      seconds = [];
      const now = await measure(program.pid);
      minutes.push(now);
      const latency = [quantile(sorted, 0.5), quantile(sorted, 0.99)];
      const rate = Math.round(sorted.length / 60);
      const cells = [minute, rate, ...latency, Math.round(now.memory), now.handles];
      print(`| ${cells.join(' | ')} |`);
    }
    expectFlat(context, minutes);
    await load.verify(DATABASE_URL);
    await program.kill('SIGTERM');
  },
};

function expectFlat({ tally }: Context, minutes: readonly Minute[]): void {
  const [warm, last] = [minutes[WARM_UP], minutes.at(-1)];
  if (warm === undefined || last === undefined) return;
  if (last.memory > warm.memory * MORE_MEMORY) tally.fail('memory grew');
  if (last.handles > warm.handles + MORE_HANDLES) tally.fail('handles grew');
}
