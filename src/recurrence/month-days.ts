import { daysInMonth, toDate, toDay, weekdayOf } from './calendar.js';
import { type Rule, selectPositions } from './rule.js';

const { floor } = Math;

/** Returns the days of a month (1 to 31) that a rule selects. */
export type MonthDays = (year: number, month: number) => readonly number[];

const NO_DAYS: readonly number[] = [];

/** Whether a list has a number, counted from 1 or from the end; an empty list has all. */
export const hasNumber = (list: readonly number[], number: number, length: number) =>
  list.length === 0 || list.includes(number) || list.includes(number - length - 1);

/** Whether `BYDAY` has the `index`th day (from 0) of a month or year with `length` days. */
export const hasWeekday = (
  { weekdays }: Rule,
  weekday: number,
  index: number,
  length: number,
): boolean =>
  weekdays.length === 0 ||
  weekdays.some(
    (element) =>
      element.weekday === weekday &&
      (element.ordinal === null ||
        element.ordinal === floor(index / 7) + 1 ||
        element.ordinal === -floor((length - 1 - index) / 7) - 1),
  );

function selectDays(rule: Rule, firstWeekday: number, length: number): number[] {
  const days: number[] = [];
  for (let day = 1; day <= length; day += 1) {
    const weekday = (firstWeekday + day - 1) % 7;
    if (!hasNumber(rule.monthDays, day, length)) continue;
    if (hasWeekday(rule, weekday, day - 1, length)) days.push(day);
  }
  // The set of a daily rule is a day, so there positions apply later.
  return rule.frequency === 'MONTHLY' ? selectPositions(days, rule.positions) : days;
}

/** Days of months by length and first weekday: the two determine them, so that each is found once. */
export function monthDaysOf(rule: Rule): MonthDays {
  const cache: (readonly number[] | undefined)[] = [];
  return (year, month) => {
    if (rule.months.length > 0 && !rule.months.includes(month)) return NO_DAYS;
    const length = daysInMonth(year, month);
    const firstWeekday = weekdayOf(toDay(year, month, 1));
    return (cache[length * 7 + firstWeekday] ??= selectDays(rule, firstWeekday, length));
  };
}

/** Adds the parts that a rule takes from the start of the series (RFC 5545, 3.3.10). */
export function withDefaults(rule: Rule, start: number): Rule {
  const { frequency, months, monthDays, yearDays, weekNumbers, weekdays } = rule;
  if (frequency === 'DAILY' || monthDays.length + yearDays.length + weekdays.length > 0)
    return rule;
  if (frequency === 'WEEKLY' || weekNumbers.length > 0) {
    return { ...rule, weekdays: [{ weekday: weekdayOf(start), ordinal: null }] };
  }
  const date = toDate(start);
  const isInOneMonth = frequency === 'MONTHLY' || months.length > 0;
  return { ...rule, monthDays: [date.day], months: isInOneMonth ? months : [date.month] };
}
