/** When a task is due: a day, wherever the user is, or an instant. Never both. */
export interface Due {
  readonly dueDate: string | null;
  readonly dueAt: Date | null;
}

const YEAR = '(\\d{3}[1-9]|\\d{2}[1-9]0|\\d[1-9]00|[1-9]000)';
const MONTH_AND_DAY =
  '((0[13578]|1[02])-(0[1-9]|[12]\\d|3[01])|(0[469]|11)-(0[1-9]|[12]\\d|30)|02-(0[1-9]|[12]\\d))';
const TIME = '[Tt]([01]\\d|2[0-3]):[0-5]\\d:[0-5]\\d(\\.\\d+)?([Zz]|[+-]([01]\\d|2[0-3]):[0-5]\\d)';

/** Pattern of a `due` in the API's description. It does not cover leap years. */
export const DUE_PATTERN = `^${YEAR}-${MONTH_AND_DAY}(${TIME})?$`;

const DATE = /^\d{4}-\d{2}-\d{2}$/;
const DATE_TIME =
  /^(\d{4}-\d{2}-\d{2})([Tt](?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d)(\.\d+)?([Zz]|[+-](?:[01]\d|2[0-3]):[0-5]\d)$/;
/** A point and three digits. */
const MILLISECONDS = 4;

function isCalendarDate(text: string): boolean {
  const date = new Date(`${text}T00:00:00Z`);
  // `Date` would parse February 30 as a day in March.
  return !text.startsWith('0000') && date.getUTCDate() === Number(text.slice(-2));
}

/**
 * Parses `YYYY-MM-DD` or an RFC 3339 date-time with an offset. Fractional seconds may have any number of
 * digits, because serializers of Go, Java, Python and Rust write six or nine; they are truncated to
 * milliseconds.
 *
 * @returns undefined for anything else: impossible days such as February 30, leap seconds, and instants
 * outside the years 1 to 9999.
 */
export function parseDue(text: string): Due | undefined {
  if (DATE.test(text)) return isCalendarDate(text) ? { dueDate: text, dueAt: null } : undefined;
  const [, day = '', time = '', fraction = '', offset = ''] = DATE_TIME.exec(text) ?? [];
  if (!isCalendarDate(day)) return undefined;
  const dueAt = new Date(`${day}${time}${fraction.slice(0, MILLISECONDS)}${offset}`.toUpperCase());
  const year = dueAt.getUTCFullYear();
  return year >= 1 && year <= 9999 ? { dueDate: null, dueAt } : undefined;
}
