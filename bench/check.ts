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

/** Returns a line for each figure of our side that exceeds its goal. */
export const exceeded = (own: readonly Own[]): string[] =>
  own
    .filter(({ value, goal }) => !(value <= goal))
    .map(({ name, value, goal }) => `${name}: ${value.toFixed(2)}, goal ${String(goal)}`);
