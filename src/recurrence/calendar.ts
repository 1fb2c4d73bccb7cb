/**
 * The proleptic Gregorian calendar on integers: a day is a number of days since 1970-01-01, as in
 * `Temporal`, but without an object per day. Expanding a rule visits up to 3.7 million days.
 */

const { floor } = Math;

export const MS_PER_DAY = 86_400_000;

export interface CalendarDate {
  readonly year: number;
  /** 1 to 12. */
  readonly month: number;
  /** 1 to 31. */
  readonly day: number;
}

const DAYS_PER_400_YEARS = 146_097;
/** Days from 0000-03-01 to 1970-01-01. */
const EPOCH_OFFSET = 719_468;

/** Returns the day of a date. Years of the algorithm begin in March, so that leap days end them. */
export function toDay(year: number, month: number, day: number): number {
  const marchYear = month <= 2 ? year - 1 : year;
  const era = floor(marchYear / 400);
  const yearOfEra = marchYear - era * 400;
  const dayOfYear = floor((153 * ((month + 9) % 12) + 2) / 5) + day - 1;
  const leapDays = floor(yearOfEra / 4) - floor(yearOfEra / 100);
  return era * DAYS_PER_400_YEARS + yearOfEra * 365 + leapDays + dayOfYear - EPOCH_OFFSET;
}

export function toDate(day: number): CalendarDate {
  const shifted = day + EPOCH_OFFSET;
  const era = floor(shifted / DAYS_PER_400_YEARS);
  const dayOfEra = shifted - era * DAYS_PER_400_YEARS;
  const leapDays = floor(dayOfEra / 1460) - floor(dayOfEra / 36_524) + floor(dayOfEra / 146_096);
  const yearOfEra = floor((dayOfEra - leapDays) / 365);
  const dayOfYear = dayOfEra - (365 * yearOfEra + floor(yearOfEra / 4) - floor(yearOfEra / 100));
  const marchMonth = floor((5 * dayOfYear + 2) / 153);
  const month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9;
  return {
    year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0),
    month,
    day: dayOfYear - floor((153 * marchMonth + 2) / 5) + 1,
  };
}

/** The last day that a task can be due. */
export const MAX_DAY = toDay(9999, 12, 31);

const MONTH_LENGTHS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

export const isLeapYear = (year: number) =>
  year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);

export const daysInYear = (year: number) => (isLeapYear(year) ? 366 : 365);

export const daysInMonth = (year: number, month: number) =>
  month === 2 && isLeapYear(year) ? 29 : (MONTH_LENGTHS[month - 1] ?? 0);

/** Returns the weekday: 0 is Monday, 6 is Sunday. */
export const weekdayOf = (day: number) => (((day + 3) % 7) + 7) % 7;

/** Returns the first day of the week that contains a day, in weeks that start on `weekStart`. */
export const startOfWeek = (day: number, weekStart: number) =>
  day - ((weekdayOf(day) - weekStart + 7) % 7);

/** Returns the first day of week 1: the first week with at least four days in the year (RFC 5545). */
export const startOfWeekYear = (year: number, weekStart: number) =>
  startOfWeek(toDay(year, 1, 4), weekStart);

const pad = (value: number, length: number) => String(value).padStart(length, '0');

/** Formats a day as `YYYY-MM-DD`. */
export function formatDay(day: number): string {
  const date = toDate(day);
  return `${pad(date.year, 4)}-${pad(date.month, 2)}-${pad(date.day, 2)}`;
}

/** Returns the day of a valid `YYYY-MM-DD`. */
export const parseDay = (date: string) =>
  toDay(Number(date.slice(0, 4)), Number(date.slice(5, 7)), Number(date.slice(8, 10)));
