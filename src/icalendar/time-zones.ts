import { tzlib_get_ical_block, tzlib_get_timezones } from 'timezones-ical-library';

/** A time zone as calendars name and describe it. */
export interface CalendarZone {
  /** The parameter `TZID` of a date-time. */
  readonly parameter: string;
  /** The component `VTIMEZONE`. */
  readonly component: string;
}

/** Names by their lower case: a recurrence may spell its time zone in any. */
const NAMES = new Map(
  [tzlib_get_timezones()].flat().map((name): [string, string] => [name.toLowerCase(), name]),
);

/** Returns a time zone; undefined for one that the library does not know. */
export function calendarZoneOf(timeZone: string): CalendarZone | undefined {
  // The library writes to the console for a name that it does not know.
  const name = NAMES.get(timeZone.toLowerCase());
  if (name === undefined) return undefined;
  const [component = '', parameter = ''] = tzlib_get_ical_block(name, false);
  return { component, parameter };
}
