import type { Ratio } from './report.ts';

/** Smallest acceptable fraction of a committed ratio. */
const TOLERANCE = 0.75;

/**
 * Returns the ratios that are more than a quarter worse than the committed ones. Latencies are
 * excluded: the tail of their distribution depends on the machine and its other load.
 */
function regressions(now: readonly Ratio[], committed: readonly Ratio[]): Ratio[] {
  return now.filter(({ name, better, ratio }) => {
    const then = committed.find((other) => other.name === name);
    return better === 'more' && then !== undefined && !(ratio >= then.ratio * TOLERANCE);
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
  again: (name: string) => Promise<Ratio>,
): Promise<{ ratios: Ratio[]; worse: string[] }> {
  const measured = [...ratios];
  for (const { name } of regressions(ratios, committed)) {
    measured[measured.findIndex((ratio) => ratio.name === name)] = await again(name);
  }
  const worse = regressions(measured, committed).map(({ name, ratio }) => {
    const then = committed.find((other) => other.name === name)?.ratio ?? Number.NaN;
    return `${name}: ${ratio.toFixed(2)}, committed ${then.toFixed(2)}`;
  });
  return { ratios: measured, worse };
}
