import type { Result } from './driver.ts';
import { withClient } from './database.ts';
import type { Load } from './load.ts';
import type { Ratio, Summary } from './report.ts';
import { CONNECTIONS, LIST, request, type Scenario } from './scenarios.ts';
import type { Side } from './sides.ts';
import type { Stand } from './stand.ts';
import { median } from './median.ts';

export interface Size {
  readonly rounds: number;
  /** Seconds for which each side is measured per round. */
  readonly seconds: number;
}

const summaryOf = (results: readonly Result[]): Summary => ({
  perSecond: median(results.map(({ perSecond }) => perSecond)),
  p50: median(results.map(({ p50 }) => p50)),
  p99: median(results.map(({ p99 }) => p99)),
  cpu: median(results.map(({ cpu }) => cpu)),
  databaseCpu: median(results.map(({ databaseCpu }) => databaseCpu)),
});

type Pair = readonly [ours: Result, bare: Result];

/**
 * Measures both sides alternately, in the order A B, B A, A B, …, so that drift affects both alike.
 */
async function interleave(
  { ours, bare }: Stand,
  rounds: number,
  measure: (side: Side) => Promise<Result>,
): Promise<Pair[]> {
  const pairs: Pair[] = [];
  for (let round = 0; round < rounds; round += 1) {
    if (round % 2 === 0) {
      const first = await measure(ours);
      pairs.push([first, await measure(bare)]);
    } else {
      const first = await measure(bare);
      pairs.push([await measure(ours), first]);
    }
  }
  return pairs;
}

/** Returns the median ratio of the pairs: noise that affects both sides cancels out. */
function ratioOf(pairs: readonly Pair[], of: (result: Result) => number) {
  const ratios = pairs.map(([ours, bare]) => of(ours) / of(bare));
  return {
    ratio: median(ratios),
    low: Math.min(...ratios),
    high: Math.max(...ratios),
    ours: summaryOf(pairs.map(([ours]) => ours)),
    bare: summaryOf(pairs.map(([, bare]) => bare)),
  };
}

export async function run(stand: Stand, side: Side, load: Load): Promise<Result> {
  const result = await stand.driver.run(side, load);
  if (result.errors === 0 && result.responses > 0) return result;
  throw new Error(`${side.name}: ${String(result.errors)} errors, ${result.firstError ?? ''}`);
}

/** Returns the current ETag of each task. */
export async function etagsOf({ database }: Side, ids: readonly string[]): Promise<string[]> {
  const { rows } = await withClient(database.url, (client) =>
    client.query<{ id: string; version: number }>(
      'select id, version from task where id = any($1)',
      [ids],
    ),
  );
  const versions = new Map(rows.map(({ id, version }) => [id, version]));
  return ids.map((id) => `"${String(versions.get(id))}"`);
}

/** Compares both sides in a scenario. */
export async function compare(stand: Stand, scenario: Scenario, size: Size): Promise<Ratio> {
  const { name, title, goal, changes = false } = scenario;
  const { changeable } = stand.subject;
  const requests = scenario.requests(stand.subject);
  const measure = async (side: Side, seconds = size.seconds) => {
    const etags = changes && { etags: await etagsOf(side, changeable) };
    return run(stand, side, { connections: CONNECTIONS, seconds, requests, ...etags });
  };
  for (const side of [stand.ours, stand.bare]) await measure(side, size.seconds / 2);
  const pairs = await interleave(stand, size.rounds, measure);
  return { name, title, goal, better: 'more', ...ratioOf(pairs, ({ perSecond }) => perSecond) };
}

/** Compares the latency of the list at the same rate: half the peak of the slower side. */
export async function compareLatency(stand: Stand, size: Size): Promise<Ratio> {
  const requests = [request('GET', LIST, stand.subject.token)];
  const load = { connections: CONNECTIONS, requests };
  const peaks = await interleave(stand, 3, (side) => run(stand, side, { ...load, seconds: 1 }));
  const peak = (side: 0 | 1) => median(peaks.map((pair) => pair[side].perSecond));
  const rate = Math.min(peak(0), peak(1)) / 2;
  const measure = (side: Side) => run(stand, side, { ...load, rate, seconds: size.seconds });
  const pairs = await interleave(stand, size.rounds, measure);
  const title = `p99 of the list at ${String(Math.round(rate))} requests/s`;
  return { name: 'p99', title, goal: 1.25, better: 'less', ...ratioOf(pairs, ({ p99 }) => p99) };
}
