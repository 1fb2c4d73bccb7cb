const MS_PER_DAY = 86_400_000;

/** Returns a generator of numbers from 0 to 1 (mulberry32), the same for the same seed. */
export function seededRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const WEEKDAYS = ['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU'];
/** A rule, and the date (`YYYY-MM-DD`) that its series starts on. */
export interface RandomRule {
  readonly rule: string;
  readonly start: string;
}

/**
 * Returns a random rule and a start. Leaves out where `rrule` and `dateutil` differ from RFC 5545: they
 * intersect numbered weekdays of BYDAY with others instead of uniting them, expand BYWEEKNO without BYDAY
 * to whole weeks, miss days of the last week that are in January, count the weeks by calendar years, apply BYSETPOS to the part of the first week after
 * the start, repeat days that two positions select,
 * and wrap negative positions beyond the set.
 */
export function randomRule(random: () => number): RandomRule {
  const between = (min: number, max: number) => min + Math.floor(random() * (max - min + 1));
  const chance = (share: number) => random() < share;
  const list = (max: number, create: () => unknown) =>
    [...new Set(Array.from({ length: between(1, max) }, create))].join(',');
  const weekday = () => WEEKDAYS[between(0, 6)] ?? 'MO';
  const signed = (max: number) => between(1, max) * (chance(0.3) ? -1 : 1);
  const frequency = (['DAILY', 'WEEKLY', 'MONTHLY', 'YEARLY'] as const)[between(0, 3)] ?? 'DAILY';
  const isYearly = frequency === 'YEARLY';
  const hasWeekNumbers = isYearly && chance(0.2);
  const hasMonths = chance(0.3);
  const weekStart = chance(0.3) ? between(0, 6) : 0;
  const hasNumbers = (isYearly || frequency === 'MONTHLY') && !hasWeekNumbers && chance(0.5);
  const maxNumber = isYearly && !hasMonths ? 53 : 5;
  const parts = [
    { name: 'BYMONTH', share: hasMonths ? 1 : 0, value: () => list(4, () => between(1, 12)) },
    {
      name: 'BYWEEKNO',
      share: hasWeekNumbers ? 1 : 0,
      value: () => list(4, () => (chance(0.3) ? between(-51, -2) : between(2, 51))),
    },
    { name: 'BYYEARDAY', share: isYearly ? 0.2 : 0, value: () => list(8, () => signed(366)) },
    {
      name: 'BYMONTHDAY',
      share: frequency === 'WEEKLY' ? 0 : 0.3,
      value: () => list(5, () => signed(31)),
    },
    {
      name: 'BYDAY',
      share: hasWeekNumbers ? 1 : 0.5,
      value: () => list(4, () => `${hasNumbers ? signed(maxNumber) : ''}${weekday()}`),
    },
  ].flatMap(({ name, share, value }) => (chance(share) ? [`${name}=${value()}`] : []));
  const hasPositions = parts.length > 0 && !hasWeekNumbers && chance(0.25);
  if (hasPositions) {
    const positions = Array.from({ length: between(1, 3) }, () => between(1, chance(0.5) ? 3 : 31));
    const sorted = [...new Set(positions)].sort((a, b) => a - b).join(',');
    parts.push(`BYSETPOS=${chance(0.3) ? '-1' : sorted}`);
  }
  if (!hasWeekNumbers && chance(0.5)) parts.push(`INTERVAL=${between(1, chance(0.2) ? 40 : 4)}`);
  parts.push(`WKST=${WEEKDAYS[weekStart] ?? 'MO'}`);
  const start = Date.UTC(between(1970, 2060), 0, between(1, 366));
  // Days since the week began: 1970-01-01 was a Thursday.
  const dayOfWeek = (start / MS_PER_DAY + 3 + 7 * 5000 - weekStart) % 7;
  const isAligned = hasPositions && frequency === 'WEEKLY';
  return {
    rule: [`FREQ=${frequency}`, ...parts].join(';'),
    start: new Date(start - (isAligned ? dayOfWeek * MS_PER_DAY : 0)).toISOString().slice(0, 10),
  };
}
