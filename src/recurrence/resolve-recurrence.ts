import { formatDay, parseDay } from './calendar.js';
import { parseRule } from './parse-rule.js';
import { datesAfter, type Due, type Occurrence, type Recurrence, startSeries } from './series.js';

/** The members of a recurrence that a client sends; each is valid by itself. */
interface RecurrenceMembers {
  readonly rule?: string | undefined;
  readonly timeZone?: string | undefined;
  readonly basis?: Recurrence['basis'] | null | undefined;
}

/** A rule about a recurrence as a whole that is broken; `path` is relative to the task. */
interface RecurrenceFault {
  readonly path: readonly string[];
  readonly code: 'required' | 'never';
  /** Text after the name of the member, such as `is required`. */
  readonly rule: string;
}

/** A recurrence with the first occurrence of its series, or the rules that it breaks. */
type ResolvedRecurrence =
  | { readonly faults: readonly RecurrenceFault[] }
  | { readonly faults?: never; readonly recurrence: Recurrence; readonly first: Occurrence };

const required = (...path: string[]): RecurrenceFault => ({
  path,
  code: 'required',
  rule: 'is required',
});

const NEVER: RecurrenceFault = {
  path: ['recurrence', 'rule'],
  code: 'never',
  rule: 'has no date on or after due',
};

/** Whether a rule has a date on the day of the first `due` or later, before it ends. */
function hasDate({ rule, timeZone }: Recurrence, { state }: Occurrence): boolean {
  const day = parseDay(state.date);
  // The rule alone decides, so it counts from the day before, and without COUNT.
  const before = { ...state, date: formatDay(day - 1), remaining: null };
  return datesAfter(parseRule(rule), before, day, timeZone).next().done !== true;
}

/**
 * Merges what a client sends into the present recurrence, null if there is none or if it is replaced,
 * and starts a series at `due`. Requires a rule, a time zone, a `due`, and that the rule has a date on or
 * after `due`, up to `UNTIL` and the year 9999.
 */
export function resolveRecurrence(
  present: Recurrence | null,
  { rule = present?.rule, timeZone = present?.timeZone, basis = present?.basis }: RecurrenceMembers,
  due: Due,
): ResolvedRecurrence {
  const hasDue = due.dueDate !== null || due.dueAt !== null;
  if (rule === undefined || timeZone === undefined || !hasDue) {
    return {
      faults: [
        ...(rule === undefined ? [required('recurrence', 'rule')] : []),
        ...(timeZone === undefined ? [required('recurrence', 'timeZone')] : []),
        ...(hasDue ? [] : [required('due')]),
      ],
    };
  }
  const recurrence: Recurrence = { rule, timeZone, basis: basis ?? 'due' };
  const first = startSeries(recurrence, due);
  return hasDate(recurrence, first) ? { recurrence, first } : { faults: [NEVER] };
}
