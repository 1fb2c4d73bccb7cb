import {
  daysInMonth,
  daysInYear,
  isLeapYear,
  startOfWeekYear,
  toDate,
  toDay,
  weekdayOf,
} from './calendar.js';
import { hasNumber, hasWeekday } from './month-days.js';
import { type Rule, selectPositions } from './rule.js';

/** The first and the last day of a year. */
interface YearSpan {
  readonly first: number;
  readonly last: number;
}

/** Returns the span of a year; with `BYWEEKNO` of its weeks, the first of which may begin in December. */
function spanOf(rule: Rule, year: number): YearSpan {
  if (rule.weekNumbers.length === 0) {
    return { first: toDay(year, 1, 1), last: toDay(year, 12, 31) };
  }
  return {
    first: startOfWeekYear(year, rule.weekStart),
    last: startOfWeekYear(year + 1, rule.weekStart) - 1,
  };
}

function isSelected(rule: Rule, day: number, { first, last }: YearSpan): boolean {
  const date = toDate(day);
  const length = daysInMonth(date.year, date.month);
  const dayOfYear = day - toDay(date.year, 1, 1) + 1;
  const yearLength = daysInYear(date.year);
  const weekNumber = Math.floor((day - first) / 7) + 1;
  // Numbers in BYDAY count in the month if there is one, and else in the year.
  const [index, range] =
    rule.months.length > 0 ? [date.day - 1, length] : [dayOfYear - 1, yearLength];
  return (
    (rule.months.length === 0 || rule.months.includes(date.month)) &&
    hasNumber(rule.weekNumbers, weekNumber, (last - first + 1) / 7) &&
    hasNumber(rule.yearDays, dayOfYear, yearLength) &&
    hasNumber(rule.monthDays, date.day, length) &&
    hasWeekday(rule, weekdayOf(day), index, range)
  );
}

/** Returns the days of a year that a rule selects, as offsets from its first day. */
function selectOffsets(rule: Rule, span: YearSpan): number[] {
  const offsets: number[] = [];
  for (let day = span.first; day <= span.last; day += 1) {
    if (isSelected(rule, day, span)) offsets.push(day - span.first);
  }
  return selectPositions(offsets, rule.positions);
}

/**
 * Returns the days of a year that a yearly rule selects. There are 56 kinds of years: by the weekday of
 * January 1, and by which of the year and its neighbours are leap years; each is expanded once.
 */
export function yearDaysOf(rule: Rule): (year: number) => number[] {
  const cache: (readonly number[] | undefined)[] = [];
  return (year) => {
    const span = spanOf(rule, year);
    const leaps = [year - 1, year, year + 1].map(isLeapYear);
    const kind = leaps.reduce((key, isLeap) => key * 2 + Number(isLeap), 0);
    const offsets = (cache[kind * 7 + weekdayOf(toDay(year, 1, 1))] ??= selectOffsets(rule, span));
    return offsets.map((offset) => span.first + offset);
  };
}
