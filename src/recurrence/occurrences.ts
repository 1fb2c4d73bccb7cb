import { startOfDay } from '../common/index.js';
import { formatDay, MAX_DAY } from './calendar.js';
import { parseRule } from './parse-rule.js';
import {
  datesAfter,
  type Due,
  dueOf,
  localDueOf,
  type Occurrence,
  type Recurrence,
} from './series.js';

/** Maximum number of dates in the span that a client asks for. */
export const MAX_DATES = 10_000;

/** The part of a series to list. A bound that is a day begins at midnight in the recurrence's time zone. */
interface Span {
  /** Inclusive; null for the present `due`. */
  readonly from: Due | null;
  /** Exclusive; null for as many dates as `limit`. */
  readonly to: Due | null;
  readonly limit: number;
}

/** A bound as a local day, for all-day tasks, and as an instant. */
interface Bound {
  readonly day: number;
  readonly instant: number;
}

const FIRST: Bound = { day: -Infinity, instant: -Infinity };
const LAST: Bound = { day: Infinity, instant: Infinity };

function boundOf(due: Due | null, timeZone: string, otherwise: Bound): Bound {
  const local = due && localDueOf(due, timeZone);
  if (!local) return otherwise;
  const instant = due.dueAt?.getTime() ?? startOfDay(formatDay(local.day), timeZone);
  return { day: local.day, instant };
}

const isInside = ({ dueAt }: Due, day: number, from: Bound, to: Bound) =>
  dueAt === null
    ? day >= from.day && day < to.day
    : dueAt.getTime() >= from.instant && dueAt.getTime() < to.instant;

const toText = ({ dueDate, dueAt }: Due) => dueDate ?? dueAt?.toISOString() ?? '';

/** Days around a bound within which only instants decide: time zones have skipped or repeated one. */
const MARGIN_DAYS = 2;

/**
 * Returns the present `due` and the following dates in a span, up to `limit`, in the format of `due`.
 * With the basis `completion` these are the dates if each task is completed on its day.
 *
 * @returns undefined if the span has more than `MAX_DATES` dates
 */
export function occurrencesOf(
  { rule, timeZone }: Recurrence,
  { due: present, state }: Occurrence,
  span: Span,
): string[] | undefined {
  const from = boundOf(span.from, timeZone, FIRST);
  const to = boundOf(span.to, timeZone, LAST);
  const local = localDueOf(present, timeZone);
  const isPresentInside = local !== undefined && isInside(present, local.day, from, to);
  const found = isPresentInside && span.limit > 0 ? [toText(present)] : [];
  let count = isPresentInside ? 1 : 0;
  let last = present.dueAt;
  const dates = datesAfter(parseRule(rule), state, from.day - MARGIN_DAYS, timeZone);
  for (const { day } of dates) {
    if (day > Math.min(to.day + MARGIN_DAYS, MAX_DAY)) break;
    if (span.to === null && found.length >= span.limit) break;
    const isNearBound = day <= from.day + MARGIN_DAYS || day >= to.day - MARGIN_DAYS;
    if (isNearBound || found.length < span.limit) {
      const due = dueOf({ day, time: state.time }, timeZone);
      if (due === null) break;
      if (last !== null && due.dueAt !== null && due.dueAt <= last) continue;
      last = due.dueAt;
      if (!isInside(due, day, from, to)) continue;
      if (found.length < span.limit) found.push(toText(due));
    }
    count += 1;
    if (count > MAX_DATES && span.to !== null) return undefined;
  }
  return found;
}
