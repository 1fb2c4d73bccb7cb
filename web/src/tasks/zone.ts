/** Days and instants in a time zone, by the zone data that the browser has. */

const MINUTE_MS = 60_000;

const formats = new Map<string, Intl.DateTimeFormat>();

function formatOf(timeZone: string): Intl.DateTimeFormat {
  let format = formats.get(timeZone);
  if (format === undefined) {
    format = new Intl.DateTimeFormat('en-US', {
      timeZone,
      calendar: 'gregory',
      numberingSystem: 'latn',
      hourCycle: 'h23',
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit',
    });
    formats.set(timeZone, format);
  }
  return format;
}

/** The wall clock of a zone at an instant, written as if it were UTC. */
function wallClock(instant: Date, timeZone: string): string {
  const parts = Object.fromEntries(
    formatOf(timeZone)
      .formatToParts(instant)
      .map(({ type, value }) => [type, value]),
  );
  const { year = '', month = '', day = '', hour = '', minute = '', second = '' } = parts;
  return `${year.padStart(4, '0')}-${month}-${day}T${hour}:${minute}:${second}Z`;
}

/** Returns the zone's offset from UTC at an instant, in minutes. */
export function offsetMinutes(instant: Date, timeZone: string): number {
  const whole = Math.floor(Number(instant) / 1000) * 1000;
  return Math.round((Date.parse(wallClock(instant, timeZone)) - whole) / MINUTE_MS);
}

/** Returns the day of an instant in a zone, `YYYY-MM-DD`. */
export const dayOf = (instant: Date, timeZone: string) => wallClock(instant, timeZone).slice(0, 10);

/** Returns the time of an instant in a zone, `HH:MM`. */
export const timeOf = (instant: Date, timeZone: string) =>
  wallClock(instant, timeZone).slice(11, 16);

/**
 * Returns the instant at which a zone's clocks show a day and time. A time that the clocks skip is one
 * gap later; of a time that they show twice, the first is meant.
 */
export function instantOf(day: string, time: string, timeZone: string): Date {
  const asUtc = Date.parse(`${day}T${time}:00Z`);
  const offsets = [-1, 1].map((days) =>
    offsetMinutes(new Date(asUtc + days * 24 * 60 * MINUTE_MS), timeZone),
  );
  const [first = 0, second = 0] = offsets.map((offset) => asUtc - offset * MINUTE_MS);
  const fits = [first, second].find(
    (candidate) => wallClock(new Date(candidate), timeZone).slice(0, 16) === `${day}T${time}`,
  );
  return new Date(fits ?? first);
}

/** Returns the day that is `days` after another. */
export function addDays(day: string, days: number): string {
  const date = new Date(`${day}T00:00:00Z`);
  date.setUTCDate(date.getUTCDate() + days);
  return date.toISOString().slice(0, 10);
}

/** The zone of the person's device. */
export const ownTimeZone = () => Intl.DateTimeFormat().resolvedOptions().timeZone;
