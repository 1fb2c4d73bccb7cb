import { execFile, spawnSync } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { cpuOfAll, cpuOfDatabase } from './cpu.ts';
import type { Result } from './driver.ts';
import type { LoadDriver, SteadyLoad, Target } from './load.ts';

const SCRIPT = join(import.meta.dirname, 'wrk.lua');
const execute = promisify(execFile);

/** The last line that `wrk.lua` prints; latencies in milliseconds. */
interface Summary extends Pick<Result, 'responses' | 'seconds' | 'p50' | 'p95' | 'p99' | 'max'> {
  /** Number of responses with an error's status. */
  readonly statuses: number;
  /** Number of requests without a response. */
  readonly lost: number;
  /** The first status of an error, if the script reads responses. */
  readonly status: number | null;
}

/**
 * The driver `wrk`, a package of Debian: an independent second opinion. It answers each response with
 * the next request at once, where the driver of this folder sends in bursts.
 */
export class Wrk implements LoadDriver {
  readonly name = 'wrk';
  readonly #folder: string;

  /** @param folder receives the requests. */
  constructor(folder: string) {
    this.#folder = folder;
  }

  static isInstalled(): boolean {
    return spawnSync('wrk', ['--version']).error === undefined;
  }

  async run({ port, service, database }: Target, load: SteadyLoad): Promise<Result> {
    const { connections, seconds, requests, etags = [] } = load;
    const file = join(this.#folder, 'wrk-requests');
    const records = requests.map((request, i) => `${request}\0${etags[i] ?? ''}\0`);
    await writeFile(file, records.join(''));
    const pids = service.pids();
    const cpu = () => [cpuOfAll(pids), cpuOfDatabase(database?.name)] as const;
    const size = ['-t1', `-c${String(connections)}`, `-d${String(Math.ceil(seconds))}`];
    const url = `http://127.0.0.1:${String(port)}/`;
    const before = cpu();
    const { stdout } = await execute('wrk', [...size, '-s', SCRIPT, url, file]);
    const after = cpu();
    return resultOf(stdout, [after[0] - before[0], after[1] - before[1]]);
  }
}

function resultOf(stdout: string, [cpu, databaseCpu]: readonly [number, number]): Result {
  const summary = JSON.parse(stdout.trimEnd().split('\n').at(-1) ?? '') as Summary;
  const { responses, seconds, statuses, lost, status, p50, p95, p99, max } = summary;
  const wrong = status === null ? '' : `, the first ${String(status)}`;
  return {
    ...{ responses, seconds, p50, p95, p99, max },
    perSecond: responses / seconds,
    errors: statuses + lost,
    firstError: `${String(statuses)} statuses of errors${wrong}, ${String(lost)} lost`,
    cpu: cpu / responses,
    databaseCpu: databaseCpu / responses,
    driverCpu: Number.NaN,
  };
}
