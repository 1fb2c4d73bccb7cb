import { setTimeout as delay } from 'node:timers/promises';
import type { Result } from './driver.ts';
import { withClient } from './database.ts';
import type { DriverName, Load, LoadDriver, SteadyLoad } from './load.ts';
import { median } from './median.ts';
import type { Ratio, Summary } from './report.ts';
import { API, CONNECTIONS, LIST, type PeerName, request, type Scenario } from './scenarios.ts';
import type { Peer, Side } from './sides.ts';
import type { Stand } from './stand.ts';

/** How long an ETag must stay the same to be the last. */
const SETTLED_MS = 50;

export interface Size {
  readonly rounds: number;
  /** Seconds for which each side is measured per round. */
  readonly seconds: number;
  /** Seconds for which each side runs before; by default half a round. */
  readonly warmUp?: number;
}

const summaryOf = (results: readonly Result[]): Summary => ({
  perSecond: median(results.map(({ perSecond }) => perSecond)),
  p50: median(results.map(({ p50 }) => p50)),
  p95: median(results.map(({ p95 }) => p95)),
  p99: median(results.map(({ p99 }) => p99)),
  cpu: median(results.map(({ cpu }) => cpu)),
  databaseCpu: median(results.map(({ databaseCpu }) => databaseCpu)),
});

/**
 * Measures the sides alternately, in the order A B C, B C A, C A B, …, so that drift affects all of them
 * alike; returns the results of each.
 */
async function interleave<T>(
  sides: readonly T[],
  rounds: number,
  measure: (side: T) => Promise<Result>,
): Promise<Result[][]> {
  const results = sides.map((): Result[] => []);
  for (let round = 0; round < rounds; round += 1) {
    for (let i = 0; i < sides.length; i += 1) {
      const turn = (round + i) % sides.length;
      const side = sides[turn];
      if (side !== undefined) results[turn]?.push(await measure(side));
    }
  }
  return results;
}

const cpuOf = ({ cpu, databaseCpu }: Result): number => cpu + databaseCpu;

/** Returns the median ratios of the rounds: noise that affects both sides cancels out. */
function ratioOf(
  ours: readonly Result[],
  theirs: readonly Result[],
  of: (result: Result) => number,
): Pick<Ratio, 'ratio' | 'low' | 'high' | 'byCpu' | 'ours' | 'theirs'> {
  const ratiosOf = (value: (result: Result) => number) =>
    ours.map((result, i) => {
      const other = theirs[i];
      return other === undefined ? Number.NaN : value(result) / value(other);
    });
  const ratios = ratiosOf(of);
  return {
    ratio: median(ratios),
    byCpu: 1 / median(ratiosOf(cpuOf)),
    low: Math.min(...ratios),
    high: Math.max(...ratios),
    ours: summaryOf(ours),
    theirs: summaryOf(theirs),
  };
}

function assertSuccessful({ name }: Side, result: Result): Result {
  if (result.errors === 0 && result.responses > 0) return result;
  throw new Error(`${name}: ${String(result.errors)} errors, ${result.firstError ?? ''}`);
}

/** Sends bursts. @throws Error when a response is not successful. */
export async function run({ bursts }: Stand, side: Side, load: Load): Promise<Result> {
  return assertSuccessful(side, await bursts.run(side, load));
}

/**
 * Returns the current ETag of each task, when it no longer changes: a driver may close a connection
 * before the response to its last PATCH.
 */
export async function etagsOf({ database }: Side, ids: readonly string[]): Promise<string[]> {
  if (database === undefined) return [];
  return withClient(database.url, async (client) => {
    for (let previous = ''; ;) {
      const { rows } = await client.query<{ id: string; version: number }>(
        'select id, version from task where id = any($1)',
        [ids],
      );
      const versions = new Map(rows.map(({ id, version }) => [id, version]));
      const etags = ids.map((id) => `"${String(versions.get(id))}"`);
      if (etags.join() === previous) return etags;
      previous = etags.join();
      await delay(SETTLED_MS);
    }
  });
}

/** Measures our side and each peer with one driver. */
export async function compare(
  { ours, subject }: Stand,
  scenario: Scenario,
  driver: LoadDriver,
  peers: readonly Peer[],
  size: Size,
): Promise<Ratio[]> {
  const measure = async (
    { side, subject, api }: Omit<Peer, 'name'>,
    seconds = size.seconds,
  ): Promise<Result> => {
    const requests = scenario.requests(subject, api);
    const load: SteadyLoad = { connections: CONNECTIONS, seconds, requests };
    const isVersioned = scenario.changes === true && api.hasEtags;
    const etags = isVersioned ? await etagsOf(side, subject.changeable) : [];
    return assertSuccessful(side, await driver.run(side, { ...load, etags }));
  };
  const all = [{ side: ours, subject, api: API }, ...peers];
  for (const one of all) await measure(one, size.warmUp ?? size.seconds / 2);
  const [first = [], ...others] = await interleave(all, size.rounds, (one) => measure(one));
  return peers.map(({ name }, i) => ({
    ...identityOf(scenario, name, driver.name),
    ...ratioOf(first, others[i] ?? [], ({ perSecond }) => perSecond),
  }));
}

function identityOf({ name, title, goals }: Scenario, peer: PeerName, driver: DriverName) {
  return { name, title, peer, driver, goal: goals[peer] ?? 0, better: 'more' as const };
}

/** Compares the latency of the list at the same rate: half the peak of the slower side. */
export async function compareLatency(stand: Stand, size: Size) {
  const requests = [request('GET', LIST, stand.subject.token)];
  const load = { connections: CONNECTIONS, requests };
  const sides = [stand.ours, stand.bare];
  const peaks = await interleave(sides, 3, (side) => run(stand, side, { ...load, seconds: 1 }));
  const rate = Math.min(...peaks.map((peak) => median(peak.map((one) => one.perSecond)))) / 2;
  const measure = (side: Side) => run(stand, side, { ...load, rate, seconds: size.seconds });
  const [ours = [], theirs = []] = await interleave(sides, size.rounds, measure);
  const ratio: Ratio = {
    name: 'p99',
    title: `p99 of the list at ${String(Math.round(rate))} requests/s`,
    ...{ peer: 'bare', driver: 'bursts', goal: 1.25, better: 'less' },
    ...ratioOf(ours, theirs, ({ p99 }) => p99),
  };
  return ratio;
}
