import type { Due } from './due.js';
import { dayOf } from './time-zone.js';

/** A moment that moves with the clock: a number of days from today, or from now. */
export interface RelativeDue {
  readonly origin: 'today' | 'now';
  readonly days: number;
}

/** Pattern of a relative date in the API's description. It allows a space for the `+`. */
export const RELATIVE_DUE_PATTERN = '^(today|tomorrow|now)([+ -]\\d{1,4}[dw])?$';

/** With four digits at most, no date leaves the years 1 to 9999: 9999 weeks are 192 years. */
const RELATIVE_DUE = /^(today|tomorrow|now)(?:([+-]\d{1,4})([dw]))?$/;

const DAYS_OF_A_WEEK = 7;
const DAY_MS = 86_400_000;

/** Parses `today`, `tomorrow` or `now`, optionally followed by days or weeks (`+3d`, `-2w`). */
export function parseRelativeDue(text: string): RelativeDue | undefined {
  const [, word, count = '0', unit] = RELATIVE_DUE.exec(text) ?? [];
  if (word === undefined) return undefined;
  const first = word === 'tomorrow' ? 1 : 0;
  const days = first + Number(count) * (unit === 'w' ? DAYS_OF_A_WEEK : 1);
  return { origin: word === 'now' ? 'now' : 'today', days };
}

/**
 * Returns the meaning of a relative date at an instant. `today` is a day in the time zone, and days are
 * counted on the calendar; `now` is an instant, and a day has 24 hours.
 */
export function dueOf({ origin, days }: RelativeDue, timeZone: string, now: number): Due {
  const offset = days * DAY_MS;
  if (origin === 'now') return { dueDate: null, dueAt: new Date(now + offset) };
  return { dueDate: dayOf(Date.parse(dayOf(now, timeZone)) + offset, 'UTC'), dueAt: null };
}
