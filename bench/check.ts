import type { Ratio } from './report.ts';

/** A ratio may be so much of the committed one. */
const TOLERANCE = 0.75;

/**
 * The ratios that are more than a quarter worse than they were. Of latencies none is: at the edge of
 * their distribution it is the machine, and who else uses it, that decides.
 */
function regressions(now: readonly Ratio[], committed: readonly Ratio[]): Ratio[] {
  return now.filter(({ name, better, ratio }) => {
    const then = committed.find((other) => other.name === name);
    return better === 'more' && then !== undefined && !(ratio >= then.ratio * TOLERANCE);
  });
}

/**
 * Has what looks worse measured again, by `again`, and says what is worse still: a moment's noise is
 * no regression.
 *
 * @returns the ratios as they are now, and a line for each that has got worse.
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
