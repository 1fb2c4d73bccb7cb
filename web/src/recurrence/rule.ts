import { addDays } from '../tasks/zone';

/** How often a rule repeats. */
export const UNITS = ['DAILY', 'WEEKLY', 'MONTHLY', 'YEARLY'] as const;
export type Unit = (typeof UNITS)[number];

/** The days of a week, as rules name them; the first is Monday. */
export const WEEKDAYS = ['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU'] as const;
export type Weekday = (typeof WEEKDAYS)[number];

/** A weekday of a month: its first to fourth, or the last one (-1). */
export interface OrdinalWeekday {
  readonly ordinal: number;
  readonly weekday: Weekday;
}

/** Days of a month: that of `due`, the last one, or a weekday. */
export type MonthDay = 'due' | 'last' | OrdinalWeekday;

/** The end of a series: none, a number of dates, or the last day (`YYYY-MM-DD`). */
export type End = null | { readonly count: number } | { readonly until: string };

/** A rule that the picker can show. */
export interface SimpleRule {
  readonly unit: Unit;
  readonly interval: number;
  /** Weekdays of a weekly rule; empty for that of `due`. */
  readonly weekdays: readonly Weekday[];
  /** Day of a monthly rule. */
  readonly monthDay: MonthDay;
  readonly end: End;
}

export const MAX_INTERVAL = 10_000;
export const MAX_COUNT = 10_000;

export const simpleRule = (unit: Unit): SimpleRule => ({
  unit,
  interval: 1,
  weekdays: [],
  monthDay: 'due',
  end: null,
});

const SHOWN = new Set(['FREQ', 'INTERVAL', 'BYDAY', 'BYMONTHDAY', 'COUNT', 'UNTIL']);

/** Splits a rule of RFC 5545 into its parts. */
function partsOf(rule: string): Map<string, string> {
  const pairs = rule.split(';').map((part) => part.split('='));
  return new Map(pairs.map(([name = '', value = '']) => [name.toUpperCase(), value.toUpperCase()]));
}

const isOneOf = <T extends string>(values: readonly T[], text: string): text is T =>
  values.some((value) => value === text);

function weekdaysOf(text: string | undefined): Weekday[] | undefined {
  if (text === undefined) return [];
  const names = text.split(',');
  return names.every((name) => isOneOf(WEEKDAYS, name))
    ? WEEKDAYS.filter((weekday) => names.includes(weekday))
    : undefined;
}

const ORDINALS = [1, 2, 3, 4, -1];

function monthDayOf(byDay: string | undefined, byMonthDay: string | undefined) {
  if (byDay === undefined && byMonthDay === undefined) return 'due' as const;
  if (byDay === undefined) return byMonthDay === '-1' ? ('last' as const) : undefined;
  const [, ordinal = '', weekday = ''] = /^\+?(-?\d)([A-Z]{2})$/.exec(byDay) ?? [];
  const isShown = byMonthDay === undefined && ORDINALS.includes(Number(ordinal));
  return isShown && isOneOf(WEEKDAYS, weekday) ? { ordinal: Number(ordinal), weekday } : undefined;
}

function endOf(count: string | undefined, until: string | undefined): End | undefined {
  if (count !== undefined) return { count: Number(count) };
  if (until === undefined) return null;
  const [, year, month, day] = /^(\d{4})(\d{2})(\d{2})$/.exec(until) ?? [];
  return day === undefined ? undefined : { until: `${String(year)}-${String(month)}-${day}` };
}

/** Reads a rule; undefined for one that has more than the picker can show. */
export function parseRule(rule: string): SimpleRule | undefined {
  const parts = partsOf(rule);
  const unit = parts.get('FREQ') ?? '';
  if (!isOneOf(UNITS, unit) || ![...parts.keys()].every((name) => SHOWN.has(name)))
    return undefined;
  const [byDay, byMonthDay] = [parts.get('BYDAY'), parts.get('BYMONTHDAY')];
  const weekdays = unit === 'WEEKLY' && byMonthDay === undefined ? weekdaysOf(byDay) : [];
  const monthDay = unit === 'MONTHLY' ? monthDayOf(byDay, byMonthDay) : 'due';
  const end = endOf(parts.get('COUNT'), parts.get('UNTIL'));
  const hasDays = byDay !== undefined || byMonthDay !== undefined;
  const isShown = unit === 'WEEKLY' || unit === 'MONTHLY' || !hasDays;
  if (!isShown || !weekdays || !monthDay || end === undefined) return undefined;
  return { unit, interval: Number(parts.get('INTERVAL') ?? 1), weekdays, monthDay, end };
}

function dayParts({ unit, weekdays, monthDay }: SimpleRule): string[] {
  if (unit === 'WEEKLY') return weekdays.length > 0 ? [`BYDAY=${weekdays.join(',')}`] : [];
  if (unit !== 'MONTHLY' || monthDay === 'due') return [];
  if (monthDay === 'last') return ['BYMONTHDAY=-1'];
  return [`BYDAY=${String(monthDay.ordinal)}${monthDay.weekday}`];
}

function endParts(end: End): string[] {
  if (end === null) return [];
  return 'count' in end
    ? [`COUNT=${String(end.count)}`]
    : [`UNTIL=${end.until.replaceAll('-', '')}`];
}

/** Writes a rule of RFC 5545: the inverse of `parseRule`. */
export function formatRule(rule: SimpleRule): string {
  const { unit, interval, end } = rule;
  const every = interval === 1 ? [] : [`INTERVAL=${String(interval)}`];
  return [`FREQ=${unit}`, ...every, ...dayParts(rule), ...endParts(end)].join(';');
}

const DAYS_PER_WEEK = 7;

/** Returns the weekday of a day, and which one of its month that is. */
export function weekdayOf(day: string): OrdinalWeekday {
  const date = new Date(`${day}T00:00:00Z`);
  const weekday = WEEKDAYS[(date.getUTCDay() + 6) % DAYS_PER_WEEK] ?? 'MO';
  const monthOf = (text: string) => text.slice(0, -2);
  const isLast = monthOf(addDays(day, DAYS_PER_WEEK)) !== monthOf(day);
  return { weekday, ordinal: isLast ? -1 : Math.ceil(date.getUTCDate() / DAYS_PER_WEEK) };
}

/** Returns whether a rule has a date on a day, if one of its periods does. */
function isDateOf({ unit, weekdays, monthDay }: SimpleRule, day: string): boolean {
  const { weekday } = weekdayOf(day);
  if (unit === 'WEEKLY') return weekdays.length === 0 || weekdays.includes(weekday);
  if (unit !== 'MONTHLY' || monthDay === 'due') return true;
  if (monthDay === 'last') return addDays(day, 1).endsWith('-01');
  const { ordinal } = monthDay;
  const isLast = weekdayOf(day).ordinal === -1;
  const nth = Math.ceil(Number(day.slice(-2)) / DAYS_PER_WEEK);
  return weekday === monthDay.weekday && (ordinal === -1 ? isLast : nth === ordinal);
}

const MAX_DAYS_PER_PERIOD = 62;

/** Returns the first day from a given one on that a rule can begin with; `monthDate`: a day of the month. */
export function firstDay(rule: SimpleRule, from: string, monthDate?: number): string {
  const days = Array.from({ length: MAX_DAYS_PER_PERIOD }, (_, i) => addDays(from, i));
  const isFirst = (day: string) =>
    isDateOf(rule, day) && (monthDate === undefined || Number(day.slice(-2)) === monthDate);
  return days.find(isFirst) ?? from;
}
