import { formatDay, parseDay } from './calendar.js';
import { expand } from './expand.js';
import { instantOf, type LocalTime, localTimeOf } from './local-time.js';
import { parseRule } from './parse-rule.js';
import type { Rule, Until } from './rule.js';

/** A recurrence as clients see it. */
export interface Recurrence {
  /** A rule of RFC 5545, 3.3.10, which `ruleFault` accepts. */
  readonly rule: string;
  /** IANA name. */
  readonly timeZone: string;
  /** Whether dates count from `due`, or from the day of completion. */
  readonly basis: 'due' | 'completion';
}

/** When a task is due: a day (`YYYY-MM-DD`) or an instant. Never both. */
export interface Due {
  readonly dueDate: string | null;
  readonly dueAt: Date | null;
}

/**
 * The state of a series, which its open task stores. The instant alone is not enough: when clocks go
 * forward, `due` is later than the local time that the series repeats.
 */
export interface SeriesState {
  /** Local day (`YYYY-MM-DD`) from which periods and `INTERVAL` count: `DTSTART` of RFC 5545. */
  readonly start: string;
  /** Local day of the present `due`. */
  readonly date: string;
  /** Local time of day of each date, in milliseconds since midnight; null for all-day tasks. */
  readonly time: number | null;
  /** Number of dates that `COUNT` allows after `date`; null without `COUNT`. */
  readonly remaining: number | null;
}

/** A recurrence as its task stores it. */
export type StoredRecurrence = Recurrence & SeriesState;

/** A date of a series: the `due` and the state that its task stores. */
export interface Occurrence {
  readonly due: Due;
  readonly state: SeriesState;
}

/** The last instant that a task can be due. */
const MAX_INSTANT = Date.UTC(9999, 11, 31, 23, 59, 59, 999);

/** Returns the local day, and the time of day if `due` has one; undefined without `due`. */
export function localDueOf({ dueDate, dueAt }: Due, timeZone: string): LocalTime | undefined {
  if (dueDate !== null) return { day: parseDay(dueDate), time: null };
  return dueAt === null ? undefined : localTimeOf(dueAt.getTime(), timeZone);
}

/**
 * Returns the first occurrence of a new series. A series begins anew, and so does its `COUNT`, when a
 * client sets `due` or changes the recurrence. The first `due` counts, whether it matches the rule or not.
 *
 * @throws TypeError without a `due`
 */
export function startSeries({ rule, timeZone }: Recurrence, due: Due): Occurrence {
  const local = localDueOf(due, timeZone);
  if (local === undefined) throw new TypeError('a recurring task needs a due');
  const { count } = parseRule(rule);
  const start = formatDay(local.day);
  const remaining = count === null ? null : count - 1;
  return { due, state: { start, date: start, time: local.time, remaining } };
}

/** Whether a date is after the end of a series. */
function isAfter({ day, time, isUtc }: Until, date: LocalTime, timeZone: string): boolean {
  // No time zone is further from UTC than a day.
  if (Math.abs(date.day - day) > 2) return date.day > day;
  if (time === null) return date.day > day;
  if (isUtc) return instantOf(date.day, date.time ?? 0, timeZone) > instantOf(day, time, 'UTC');
  return date.day > day || (date.day === day && date.time !== null && date.time > time);
}

/** A local day of a series, and the number of dates that may follow. */
interface SeriesDate {
  readonly day: number;
  readonly remaining: number | null;
}

/** The dates of a rule after `state.date` that are on the day `from` or later, until the series ends. */
export function* datesAfter(
  rule: Rule,
  { start, date, time, remaining }: SeriesState,
  from: number,
  timeZone: string,
): Generator<SeriesDate> {
  const following = parseDay(date) + 1;
  // Skipped dates count, so with COUNT none may be left out.
  const first = remaining === null ? Math.max(following, from) : following;
  let left = remaining;
  if (left === 0) return;
  for (const day of expand(rule, parseDay(start), first)) {
    if (rule.until !== null && isAfter(rule.until, { day, time }, timeZone)) return;
    if (left !== null) left -= 1;
    if (day >= from) yield { day, remaining: left };
    if (left === 0) return;
  }
}

/** Returns the `due` of a local time; null after the year 9999. */
export function dueOf({ day, time }: LocalTime, timeZone: string): Due | null {
  if (time === null) return { dueDate: formatDay(day), dueAt: null };
  const instant = instantOf(day, time, timeZone);
  return instant > MAX_INSTANT ? null : { dueDate: null, dueAt: new Date(instant) };
}

/** The state that dates of a rule are counted from, and the first day that they may have. */
interface Origin {
  readonly state: SeriesState;
  readonly from: number;
}

function originOf(
  { timeZone, basis }: Recurrence,
  { state }: Occurrence,
  now: Date,
  isSkip: boolean,
): Origin {
  const today = localTimeOf(now.getTime(), timeZone).day;
  if (basis === 'due') return { state, from: today };
  // A date that is skipped early must not come back.
  const origin = isSkip ? Math.max(today, parseDay(state.date)) : today;
  const date = formatDay(origin);
  return { state: { ...state, start: date, date }, from: origin };
}

/**
 * Returns the occurrence after the present one, null when the series has ended.
 *
 * With the basis `due` it is the first after the present `due` that is today or later, in the time zone
 * of the recurrence. With `completion` it is the first after today; if the present one is skipped before
 * its day, the first after that day.
 *
 * @param now the instant of completing or skipping
 */
export function nextOccurrence(
  recurrence: Recurrence,
  present: Occurrence,
  now: Date,
  action: 'complete' | 'skip',
): Occurrence | null {
  const { timeZone, basis } = recurrence;
  const { state, from } = originOf(recurrence, present, now, action === 'skip');
  const { dueAt } = present.due;
  for (const { day, remaining } of datesAfter(parseRule(recurrence.rule), state, from, timeZone)) {
    const due = dueOf({ day, time: state.time }, timeZone);
    if (due === null) return null;
    // Where a time zone skipped a whole day, the dates of that day and the next are the same instant.
    if (basis === 'due' && due.dueAt !== null && dueAt !== null && due.dueAt <= dueAt) continue;
    const date = formatDay(day);
    const start = basis === 'due' ? state.start : date;
    return { due, state: { start, date, time: state.time, remaining } };
  }
  return null;
}
