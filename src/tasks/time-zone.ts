import { Temporal } from 'temporal-polyfill';
import { startOfDay } from '../common/index.js';

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
