import { Temporal } from 'temporal-polyfill';
import { formatDay, MS_PER_DAY, toDay } from './calendar.js';

/** A day and a time of day on the clocks of a time zone. */
export interface LocalTime {
  /** Days since 1970-01-01. */
  readonly day: number;
  /** Milliseconds since midnight; null all day. */
  readonly time: number | null;
}

/** Returns the local time of an instant (milliseconds since 1970). */
export function localTimeOf(instant: number, timeZone: string): { day: number; time: number } {
  const zoned = Temporal.Instant.fromEpochMilliseconds(instant).toZonedDateTimeISO(timeZone);
  const { year, month, day, hour, minute, second, millisecond } = zoned;
  return {
    day: toDay(year, month, day),
    time: ((hour * 60 + minute) * 60 + second) * 1000 + millisecond,
  };
}

/**
 * Returns the instant of a local time. A time that clocks skip when they go forward is one gap later; of
 * a time that they show twice, the first.
 */
export function instantOf(day: number, time: number, timeZone: string): number {
  if (timeZone === 'UTC') return day * MS_PER_DAY + time;
  const midnight = Temporal.PlainDateTime.from(formatDay(day));
  return midnight
    .add({ milliseconds: time })
    .toZonedDateTime(timeZone, { disambiguation: 'compatible' }).epochMilliseconds;
}
