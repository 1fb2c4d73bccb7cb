import { mkdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { etagsOf, run } from './compare.ts';
import { API, CONNECTIONS, SCENARIOS } from './scenarios.ts';
import { startOurs } from './sides.ts';
import type { Stand } from './stand.ts';

const PROFILES = join(import.meta.dirname, 'results/profiles');
const SHOWN = 20;
const PROFILE_SECONDS = 5;

/** The part of V8's profile format that is needed here. */
export interface CpuProfile {
  readonly nodes: readonly {
    readonly id: number;
    readonly callFrame: {
      readonly functionName: string;
      readonly url: string;
      readonly lineNumber: number;
    };
  }[];
  /** The node of each sample. */
  readonly samples: readonly number[];
  /** Microseconds since the previous sample. */
  readonly timeDeltas: readonly number[];
}

/**
 * Returns the functions with the most self time in the last `seconds`, with their share of the
 * non-idle time. Earlier samples belong to the start of the program.
 */
export function topFunctions(
  { nodes, samples, timeDeltas }: CpuProfile,
  seconds: number,
): [string, number][] {
  const names = new Map(
    nodes.map(({ id, callFrame: { functionName, url, lineNumber } }) => {
      const file = url.split('/').slice(-3).join('/');
      const location = file && ` ${file}:${String(lineNumber + 1)}`;
      return [id, `${functionName || '(anonymous)'}${location}`];
    }),
  );
  const times = new Map<string, number>();
  let [total, left] = [0, timeDeltas.reduce((sum, time) => sum + time, 0)];
  for (const [i, sample] of samples.entries()) {
    const name = names.get(sample) ?? '';
    const time = timeDeltas[i] ?? 0;
    left -= time;
    if (name === '(idle)' || left > seconds * 1_000_000) continue;
    total += time;
    times.set(name, (times.get(name) ?? 0) + time);
  }
  return [...times]
    .map(([name, time]): [string, number] => [name, time / total])
    .sort(([, a], [, b]) => b - a)
    .slice(0, SHOWN);
}

/** Profiles our side in each scenario; `say` receives lines to print. */
export async function profile(
  stand: Stand,
  names: ReadonlySet<string>,
  print: (line: string) => void,
): Promise<void> {
  const { ours, folder, identity, subject } = stand;
  await mkdir(PROFILES, { recursive: true });
  for (const { name, requests, changes } of SCENARIOS) {
    if (!names.has(name)) continue;
    const file = join(PROFILES, `${name}.cpuprofile`);
    const flags = ['--cpu-prof', `--cpu-prof-dir=${PROFILES}`, `--cpu-prof-name=${basename(file)}`];
    await ours.service.stop();
    const side = await startOurs(ours.database, folder, { identity, flags });
    const etags = changes === true && { etags: await etagsOf(side, subject.changeable) };
    const load = {
      connections: CONNECTIONS,
      seconds: PROFILE_SECONDS,
      requests: requests(subject, API),
    };
    await run(stand, side, { ...load, ...etags });
    await side.service.stop();
    const top = topFunctions(
      JSON.parse(await readFile(file, 'utf8')) as CpuProfile,
      PROFILE_SECONDS,
    );
    print(`\n${name}: ${file}`);
    for (const [where, share] of top)
      print(`  ${(share * 100).toFixed(1).padStart(5)} %  ${where}`);
  }
}
