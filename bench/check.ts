import { CHECKED, type Options } from './options.ts';
import type { Own, Ratio } from './report.ts';

/** Smallest acceptable fraction of a committed ratio. */
const TOLERANCE = 0.75;

const isSame = (a: Ratio, b: Ratio) =>
  a.name === b.name && a.peer === b.peer && a.driver === b.driver;

/**
 * Returns the ratios of CPU time per request that are more than a quarter worse than the committed
 * ones. Rates and latencies are excluded: they depend on what else the machine does.
 */
function regressions(now: readonly Ratio[], committed: readonly Ratio[]): Ratio[] {
  return now.filter((ratio) => {
    const then = committed.find((other) => isSame(other, ratio));
    if (ratio.better !== 'more' || then === undefined) return false;
    return !(ratio.byCpu >= then.byCpu * TOLERANCE);
  });
}

/** Returns a line for each committed ratio of the selected ones that was not measured. */
export const missing = (
  now: readonly Ratio[],
  committed: readonly Ratio[],
  { names, peers }: Pick<Options, 'names' | 'peers'>,
): string[] =>
  committed
    .filter(({ name, peer, better }) => better === 'more' && names.has(name) && peers.has(peer))
    .filter((then) => !now.some((ratio) => isSame(ratio, then)))
    .map(({ name, peer, driver }) => `${name} (${peer}, ${driver})`);

/**
 * Measures regressions again with `again`, and reports those that persist: a moment of noise is not
 * a regression.
 *
 * @returns the current ratios, and a line for each regression.
 */
export async function check(
  ratios: readonly Ratio[],
  committed: readonly Ratio[],
  again: (ratio: Ratio) => Promise<Ratio>,
): Promise<{ ratios: Ratio[]; worse: string[] }> {
  const measured = [...ratios];
  for (const ratio of regressions(ratios, committed)) {
    measured[measured.indexOf(ratio)] = await again(ratio);
  }
  const worse = regressions(measured, committed).map((ratio) => {
    const then = committed.find((other) => isSame(other, ratio));
    const before = then?.byCpu ?? Number.NaN;
    const name = `${ratio.name} (${ratio.peer}, ${ratio.driver})`;
    return `${name}: ${ratio.byCpu.toFixed(2)}, committed ${before.toFixed(2)}`;
  });
  return { ratios: measured, worse };
}

/** Returns a line for each checked figure of our side that exceeds its goal. */
export const exceeded = (own: readonly Own[]): string[] =>
  own
    .filter(({ name, value, goal }) => CHECKED.includes(name) && !(value <= goal))
    .map(({ name, value, goal }) => `${name}: ${value.toFixed(2)}, goal ${String(goal)}`);
