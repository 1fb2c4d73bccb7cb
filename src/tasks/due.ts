import { DAY_PATTERN, isCalendarDate, parseInstant, TIME_PATTERN } from '../common/index.js';

/** When a task is due: a day, wherever the user is, or an instant. Never both. */
export interface Due {
  readonly dueDate: string | null;
  readonly dueAt: Date | null;
}

/** Pattern of a `due` in the API's description. It does not cover leap years. */
export const DUE_PATTERN = `^${DAY_PATTERN}(${TIME_PATTERN})?$`;

const DATE = /^\d{4}-\d{2}-\d{2}$/;

/**
 * Parses `YYYY-MM-DD`, or a date-time as `parseInstant` does.
 *
 * @returns undefined for anything else, such as February 30.
 */
export function parseDue(text: string): Due | undefined {
  if (DATE.test(text)) return isCalendarDate(text) ? { dueDate: text, dueAt: null } : undefined;
  const dueAt = parseInstant(text);
  return dueAt && { dueDate: null, dueAt };
}
