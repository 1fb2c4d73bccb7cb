import { MAX_DAY, daysInMonth, startOfWeek, startOfWeekYear, toDate, toDay } from './calendar.js';
import { monthDaysOf, withDefaults } from './month-days.js';
import { type Rule, selectPositions } from './rule.js';
import { yearDaysOf } from './year-days.js';

const { ceil, floor } = Math;

/** Returns the index of the last period of `interval` units that begins at or before `to`. */
const lastPeriod = (from: number, to: number, interval: number) =>
  Math.max(0, floor((to - from) / interval));

/** The days of a daily rule, month by month: a month without any is skipped at once. */
function* expandDaily(rule: Rule, start: number, from: number): Generator<number> {
  const { interval, positions } = rule;
  if (selectPositions([start], positions).length === 0) return;
  const monthDays = monthDaysOf(rule);
  let day = start + ceil((from - start) / interval) * interval;
  while (day <= MAX_DAY) {
    const date = toDate(day);
    const beforeMonth = day - date.day;
    for (const dayOfMonth of monthDays(date.year, date.month)) {
      const candidate = beforeMonth + dayOfMonth;
      if (candidate >= day && (candidate - day) % interval === 0) yield candidate;
    }
    const daysLeft = daysInMonth(date.year, date.month) - date.day;
    day += ceil((daysLeft + 1) / interval) * interval;
  }
}

/** Returns the days that a rule selects of the week that begins on `first`, as offsets. */
type WeekDays = (first: number) => readonly number[];

/** Returns undefined if a week has fewer days than the smallest position of `BYSETPOS`. */
function weekDaysOf({ months, weekdays, weekStart, positions }: Rule): WeekDays | undefined {
  const offsets = weekdays
    .map(({ weekday }) => (weekday - weekStart + 7) % 7)
    .sort((a, b) => a - b)
    .filter((offset, index, all) => offset !== all[index - 1]);
  const select = (chosen: readonly number[]) => selectPositions(chosen, positions);
  const wholeWeek = select(offsets);
  if (wholeWeek.length === 0) return undefined;
  if (months.length === 0) return () => wholeWeek;
  return (first) => {
    const { year, month, day } = toDate(first);
    const rest = daysInMonth(year, month) - day;
    const isFirst = months.includes(month);
    if (rest >= 6) return isFirst ? wholeWeek : [];
    const isSecond = months.includes((month % 12) + 1);
    return select(offsets.filter((offset) => (offset <= rest ? isFirst : isSecond)));
  };
}

function* expandWeekly(rule: Rule, start: number, from: number): Generator<number> {
  const weekDays = weekDaysOf(rule);
  if (weekDays === undefined) return;
  const step = rule.interval * 7;
  const base = startOfWeek(start, rule.weekStart);
  for (let week = base + lastPeriod(base, from, step) * step; week <= MAX_DAY; week += step) {
    for (const offset of weekDays(week)) yield week + offset;
  }
}

function* expandMonthly(rule: Rule, start: number, from: number): Generator<number> {
  const monthDays = monthDaysOf(rule);
  const indexOf = (day: number) => toDate(day).year * 12 + toDate(day).month - 1;
  const base = indexOf(start);
  let index = base + lastPeriod(base, indexOf(from), rule.interval) * rule.interval;
  for (; index < 10_000 * 12; index += rule.interval) {
    const [year, month] = [floor(index / 12), (index % 12) + 1];
    const days = monthDays(year, month);
    if (days.length === 0) continue;
    const first = toDay(year, month, 1);
    for (const day of days) yield first + day - 1;
  }
}

/** Returns the year of a day; for rules with `BYWEEKNO` the one that its week belongs to. */
function yearOf({ weekNumbers, weekStart }: Rule, day: number): number {
  const { year } = toDate(day);
  if (weekNumbers.length === 0) return year;
  if (day < startOfWeekYear(year, weekStart)) return year - 1;
  return day < startOfWeekYear(year + 1, weekStart) ? year : year + 1;
}

function* expandYearly(rule: Rule, start: number, from: number): Generator<number> {
  const yearDays = yearDaysOf(rule);
  const base = yearOf(rule, start);
  let year = base + lastPeriod(base, yearOf(rule, from), rule.interval) * rule.interval;
  for (; year <= 10_000; year += rule.interval) yield* yearDays(year);
}

const EXPANSIONS = {
  DAILY: expandDaily,
  WEEKLY: expandWeekly,
  MONTHLY: expandMonthly,
  YEARLY: expandYearly,
};

/**
 * The days of a rule from `from` on, in order, up to the year 9999: the recurrence set of RFC 5545,
 * 3.3.10, for a series that starts on `start`, without `COUNT` and `UNTIL`. The start is only among them
 * if it matches the rule.
 *
 * Each step is arithmetic on integers, so that all of them up to the year 9999 cost milliseconds, however
 * few there are.
 */
export function* expand(rule: Rule, start: number, from: number): Generator<number> {
  const first = Math.max(start, from);
  for (const day of EXPANSIONS[rule.frequency](withDefaults(rule, start), start, first)) {
    if (day > MAX_DAY) return;
    if (day >= first) yield day;
  }
}
