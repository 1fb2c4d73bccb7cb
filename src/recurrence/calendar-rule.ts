import { formatDay, MAX_DAY, MS_PER_DAY } from './calendar.js';
import { instantOf, localTimeOf } from './local-time.js';
import { parseRule } from './parse-rule.js';
import type { Until } from './rule.js';
import type { SeriesState, StoredRecurrence } from './series.js';

const SECOND_MS = 1_000;
/** Parts that count from the first date of the series, or take the form of `DTSTART`. */
const REWRITTEN = /^(?:COUNT|UNTIL)=/;

const basicDay = (day: number) => formatDay(day).replaceAll('-', '');

/** Returns `UNTIL` as RFC 5545, 3.3.10 wants it: a date for all-day series, else an instant in UTC. */
function untilOf(until: Until, isAllDay: boolean, timeZone: string): string {
  const { day, time, isUtc } = until;
  if (isAllDay) {
    const isInstant = isUtc && time !== null;
    return basicDay(isInstant ? localTimeOf(day * MS_PER_DAY + time, timeZone).day : day);
  }
  const instant =
    time === null
      ? instantOf(day + 1, 0, timeZone) - SECOND_MS
      : instantOf(day, time, isUtc ? 'UTC' : timeZone);
  return new Date(instant).toISOString().replaceAll(/[-:]|\.\d+/g, '');
}

/** Returns the local time of the present date of a series: `YYYY-MM-DDTHH:MM:SS`. */
export function localStartOf({ date, time }: SeriesState): string {
  return `${date}T${new Date(time ?? 0).toISOString().slice(11, 19)}`;
}

/**
 * Returns the rule of a series for calendars, which begin at its present date: `COUNT` is what is left,
 * and `UNTIL` has the form that strict readers accept.
 */
export function calendarRuleOf({ rule, timeZone, time, remaining }: StoredRecurrence): string {
  const kept = rule.toUpperCase().split(';');
  const parts = kept.filter((part) => !REWRITTEN.test(part));
  const { until } = parseRule(rule);
  if (remaining !== null) parts.push(`COUNT=${String(remaining + 1)}`);
  // There are no dates after the last day in any case.
  if (until !== null && until.day < MAX_DAY) {
    parts.push(`UNTIL=${untilOf(until, time === null, timeZone)}`);
  }
  // Some readers expect it in front.
  return parts
    .sort((a, b) => Number(b.startsWith('FREQ=')) - Number(a.startsWith('FREQ=')))
    .join(';');
}
