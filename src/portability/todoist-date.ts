import { instantOfLocal, isCalendarDate, isTimeZone } from '../common/index.js';
import { occurrencesOf, startSeries } from '../recurrence/index.js';
import type { ForeignRecurrence } from './fit-task.js';

/** When a line of Todoist is due, and how it repeats. */
export interface TodoistDue {
  readonly due: string;
  readonly recurrence: ForeignRecurrence | null;
  /** Whether it has a time, but no time zone. */
  readonly isFloating: boolean;
}

const MONTHS = [
  ...['january', 'february', 'march', 'april', 'may', 'june', 'july', 'august', 'september'],
  ...['october', 'november', 'december'],
];
const WEEKDAYS = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'];
const DAY_MS = 86_400_000;

/** The time at the end of a text: `18:00`, `9am`. A number alone may be a day. */
const TIME = /[\st](\d{1,2})(?::(\d\d)(?::\d\d(?:\.\d+)?)?)?\s*(am|pm|z)?$/;
const ISO_DAY = /^\d{4}-\d\d-\d\d$/;
const DAY_FIRST = /^(\d{1,2})\s+([a-z]{3,9})\.?,?\s+(\d{4})$/;
const MONTH_FIRST = /^([a-z]{3,9})\.?\s+(\d{1,2}),?\s+(\d{4})$/;
const EVERY = /^(?:every|ev)(!)?\s+(.+?)(?:\s+(?:starting|from)\s+(.+))?$/;
const SPAN = /^(?:(other|\d{1,3})\s+)?(day|week|month|year)s?$/;
const MONTH_DAY = /^(\d{1,2})(?:st|nd|rd|th)?$/;

const FREQUENCIES: Readonly<Record<string, string>> = {
  day: 'DAILY',
  week: 'WEEKLY',
  month: 'MONTHLY',
  year: 'YEARLY',
};
const NAMED: Readonly<Record<string, string>> = {
  daily: 'FREQ=DAILY',
  weekly: 'FREQ=WEEKLY',
  monthly: 'FREQ=MONTHLY',
  yearly: 'FREQ=YEARLY',
  'every weekday': 'FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR',
  'every workday': 'FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR',
  'every weekend': 'FREQ=WEEKLY;BYDAY=SA',
  'every last day': 'FREQ=MONTHLY;BYMONTHDAY=-1',
};

/** Returns the index of a name, given whole, in the plural, or by its first three letters or more; -1 for none. */
const indexOfName = (names: readonly string[], text: string) =>
  text.length < 3 ? -1 : names.findIndex((name) => `${name}s`.startsWith(text));

/** Returns `YYYY-MM-DD`; undefined for what is no day, or one without its year. */
function dayOf(text: string): string | undefined {
  if (ISO_DAY.test(text)) return isCalendarDate(text) ? text : undefined;
  const [, day = '', month = '', year = ''] = DAY_FIRST.exec(text) ?? [];
  const [, name = month, number = day, otherYear = year] = MONTH_FIRST.exec(text) ?? [];
  const index = indexOfName(MONTHS, name);
  if (index === -1) return undefined;
  const iso = `${otherYear}-${String(index + 1).padStart(2, '0')}-${number.padStart(2, '0')}`;
  return ISO_DAY.test(iso) && isCalendarDate(iso) ? iso : undefined;
}

/** Returns `HH:MM`; undefined for what is no time of day. */
function timeOf(hour: string, minute: string, suffix: string): string | undefined {
  const twelve = suffix === 'am' || suffix === 'pm';
  const hours = twelve ? (Number(hour) % 12) + (suffix === 'pm' ? 12 : 0) : Number(hour);
  if (hours > 23 || Number(minute) > 59 || (twelve && Number(hour) > 12)) return undefined;
  return `${String(hours).padStart(2, '0')}:${minute}`;
}

/** Returns the rule of what follows `every`. */
function ruleOf(text: string): string | undefined {
  const [, every = '1', unit = ''] = SPAN.exec(text) ?? [];
  const frequency = FREQUENCIES[unit];
  const interval = every === 'other' ? '2' : String(Number(every));
  if (frequency !== undefined)
    return `FREQ=${frequency}${interval === '1' ? '' : `;INTERVAL=${interval}`}`;
  const [, monthDay] = MONTH_DAY.exec(text) ?? [];
  if (monthDay !== undefined) return `FREQ=MONTHLY;BYMONTHDAY=${String(Number(monthDay))}`;
  const days = text.split(/[\s,]+(?:and\s+)?/).map((name) => indexOfName(WEEKDAYS, name));
  if (days.includes(-1)) return undefined;
  return `FREQ=WEEKLY;BYDAY=${days.map((day) => WEEKDAYS[day]?.slice(0, 2).toUpperCase()).join()}`;
}

const formatDay = (instant: number) => new Date(instant).toISOString().slice(0, 10);

/** Returns the first day of a rule that is today or later. */
function firstDay(recurrence: ForeignRecurrence, today: string): string | undefined {
  // A span begins today; other rules say on which days they are.
  if (!recurrence.rule.includes('BY')) return today;
  const yesterday = { dueDate: formatDay(Date.parse(today) - DAY_MS), dueAt: null };
  const series = { basis: 'due' as const, ...recurrence };
  const span = { from: { dueDate: today, dueAt: null }, to: null, limit: 1 };
  return occurrencesOf(series, startSeries(series, yesterday), span)?.[0];
}

interface Parsed {
  readonly day: string;
  readonly recurrence: ForeignRecurrence | null;
}

function parseDays(text: string, timeZone: string, now: Date): Parsed | undefined {
  const day = dayOf(text);
  if (day !== undefined) return { day, recurrence: null };
  const [, fromCompletion, what = '', start] = EVERY.exec(text) ?? [];
  const rule = NAMED[text] ?? (what === '' ? undefined : ruleOf(what));
  if (rule === undefined) return undefined;
  const basis = fromCompletion === undefined ? 'due' : 'completion';
  const recurrence = { rule, timeZone, basis } as const;
  // Sweden writes dates as ISO 8601 does.
  const today = now.toLocaleDateString('sv-SE', { timeZone });
  const first = start === undefined ? firstDay(recurrence, today) : dayOf(start);
  return first === undefined ? undefined : { day: first, recurrence };
}

/**
 * Parses the date of a line: ISO 8601, an English date with its year, or one of the usual English recurrences
 * (`every other week`, `every mon, fri at 9am`, `every! 3 days`, `every 15th starting 1 Oct 2026`). A recurrence
 * without a start begins today or on its first day after that.
 *
 * @returns undefined for anything else, such as `tomorrow`, whose day the file does not say.
 */
export function parseTodoistDate(
  text: string,
  zone: string,
  now = new Date(),
): TodoistDue | undefined {
  const hasZone = isTimeZone(zone);
  const timeZone = hasZone ? zone : 'UTC';
  const lower = text.trim().toLowerCase();
  const [end = '', hour = '', minute, suffix = ''] = TIME.exec(lower) ?? [];
  const isTimed = minute !== undefined || suffix === 'am' || suffix === 'pm';
  const rest = isTimed ? lower.slice(0, -end.length).replace(/(?:\s+at|,)$/, '') : lower;
  const time = isTimed ? timeOf(hour, minute ?? '00', suffix) : '00:00';
  const parsed = parseDays(rest, timeZone, now);
  if (parsed === undefined || time === undefined) return undefined;
  const { day, recurrence } = parsed;
  if (!isTimed) return { due: day, recurrence, isFloating: false };
  const due = instantOfLocal(`${day}T${time}`, suffix === 'z' ? 'UTC' : timeZone).toISOString();
  return { due, recurrence, isFloating: !hasZone && suffix !== 'z' };
}
