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

/** Whether the calendar of a time zone lacks a day, as Samoa's lacks 30 December 2011. */
export function isSkipped(day: string, timeZone: string): boolean {
  return timeZone !== 'UTC' && dayOf(startOfDay(day, timeZone), timeZone) > day;
}

/** Returns the day of an instant in a time zone, in PostgreSQL's format. */
export function dayOf(instant: number, timeZone: string): string {
  const day = Temporal.Instant.fromEpochMilliseconds(instant).toZonedDateTimeISO(timeZone);
  if (day.year < 1) return '-infinity';
  return day.year > 9999 ? 'infinity' : day.toPlainDate().toString();
}

/** Formats an instant for PostgreSQL, which writes the years before 1 differently. */
export function sqlInstant(instant: number): string {
  const text = new Date(instant).toISOString();
  return text.startsWith('0000') || text.startsWith('-') ? '-infinity' : text;
}
