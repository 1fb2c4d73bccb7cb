import { isCalendarDate } from '../common/index.js';
import type { StoredRecurrence } from '../recurrence/index.js';
import { isObject } from './read-json.js';

type State = Pick<StoredRecurrence, 'start' | 'date' | 'time' | 'remaining'>;

const DAY_MS = 86_400_000;
const DAY = /^\d{4}-\d\d-\d\d$/;

const isDay = (value: unknown): value is string =>
  typeof value === 'string' && DAY.test(value) && isCalendarDate(value);

const isWhole = (value: unknown, below: number): value is number =>
  typeof value === 'number' && Number.isInteger(value) && value >= 0 && value < below;

/**
 * Returns the state that a file says a series has.
 *
 * @param begun the series as it would begin at `due`
 * @returns undefined if it is none, or none of that series.
 */
export function seriesStateOf(value: unknown, begun: State): State | undefined {
  if (!isObject(value)) return undefined;
  const { start, date, time, remaining } = value;
  if (!isDay(start) || !isDay(date) || start > date) return undefined;
  const isTime = begun.time === null ? time === null : isWhole(time, DAY_MS);
  const isLeft =
    begun.remaining === null ? remaining === null : isWhole(remaining, begun.remaining + 1);
  // A time that clocks skip is at most a day later.
  const isDate = begun.time === null ? date === begun.date : true;
  if (!isTime || !isLeft || !isDate) return undefined;
  return { start, date, time: time as number | null, remaining: remaining as number | null };
}
