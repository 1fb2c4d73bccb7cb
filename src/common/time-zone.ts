import { Temporal } from 'temporal-polyfill';

/** Cached: looking up a name in `Intl` costs more than all other rules of a query together. */
const NAMES: ReadonlySet<string> = new Set(['UTC', ...Intl.supportedValuesOf('timeZone')]);

/** Whether a string names a time zone of the IANA database, such as `Europe/Berlin`. */
export function isTimeZone(name: string): boolean {
  if (NAMES.has(name)) return true;
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    // `Intl` also accepts offsets such as +02:00, which have no daylight saving time.
    return /^[a-z]/i.test(name);
  } catch {
    return false;
  }
}

/** Returns the first instant of a day (`YYYY-MM-DD`) in a time zone, in milliseconds since 1970. */
export function startOfDay(day: string, timeZone: string): number {
  if (timeZone === 'UTC') return Date.parse(day);
  return Temporal.PlainDate.from(day).toZonedDateTime(timeZone).epochMilliseconds;
}

/**
 * Returns the instant of a local time (`YYYY-MM-DDTHH:MM:SS`) in a time zone. One that clocks skip when they
 * go forward is one gap later; of one that they show twice, the first.
 *
 * @throws RangeError for what is no local time or time zone
 */
export const instantOfLocal = (local: string, timeZone: string): Date =>
  new Date(Temporal.PlainDateTime.from(local).toZonedDateTime(timeZone).epochMilliseconds);
