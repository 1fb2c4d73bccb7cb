import { Temporal } from 'temporal-polyfill';

/** Looking up a name in `Intl` costs more than all other rules of a query together. */
const NAMES: ReadonlySet<string> = new Set(['UTC', ...Intl.supportedValuesOf('timeZone')]);

/** Whether a text names a time zone of the IANA database, such as `Europe/Berlin`. */
export function isTimeZone(name: string): boolean {
  if (NAMES.has(name)) return true;
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    // Offsets such as +02:00 are taken for zones, too, but know no summer time.
    return /^[a-z]/i.test(name);
  } catch {
    return false;
  }
}

/** The first instant of a day (`YYYY-MM-DD`) in a time zone, in milliseconds since 1970. */
export function startOfDay(day: string, timeZone: string): number {
  if (timeZone === 'UTC') return Date.parse(day);
  return Temporal.PlainDate.from(day).toZonedDateTime(timeZone).epochMilliseconds;
}

/** Whether the calendar of a time zone lacks a day, as Samoa's lacks 30 December 2011. */
export function isSkipped(day: string, timeZone: string): boolean {
  return timeZone !== 'UTC' && dayOf(startOfDay(day, timeZone), timeZone) > day;
}

/** The day of an instant in a time zone, as PostgreSQL writes it. */
export function dayOf(instant: number, timeZone: string): string {
  const day = Temporal.Instant.fromEpochMilliseconds(instant).toZonedDateTimeISO(timeZone);
  if (day.year < 1) return '-infinity';
  return day.year > 9999 ? 'infinity' : day.toPlainDate().toString();
}

/** An instant as PostgreSQL writes it: it has other words for the years before 1. */
export function sqlInstant(instant: number): string {
  const text = new Date(instant).toISOString();
  return text.startsWith('0000') || text.startsWith('-') ? '-infinity' : text;
}
