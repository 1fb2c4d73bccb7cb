const YEAR = '(\\d{3}[1-9]|\\d{2}[1-9]0|\\d[1-9]00|[1-9]000)';
const MONTH_AND_DAY =
  '((0[13578]|1[02])-(0[1-9]|[12]\\d|3[01])|(0[469]|11)-(0[1-9]|[12]\\d|30)|02-(0[1-9]|[12]\\d))';

/** Patterns of a day, and of the time and offset after it. They do not cover leap years. */
export const DAY_PATTERN = `${YEAR}-${MONTH_AND_DAY}`;
export const TIME_PATTERN =
  '[Tt]([01]\\d|2[0-3]):[0-5]\\d:[0-5]\\d(\\.\\d+)?([Zz]|[+-]([01]\\d|2[0-3]):[0-5]\\d)';

const DATE_TIME =
  /^(\d{4}-\d{2}-\d{2})([Tt](?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d)(\.\d+)?([Zz]|[+-](?:[01]\d|2[0-3]):[0-5]\d)$/;
/** A point and three digits. */
const MILLISECONDS = 4;

/** Returns whether `YYYY-MM-DD` is a day of the years 1 to 9999. */
export function isCalendarDate(text: string): boolean {
  const date = new Date(`${text}T00:00:00Z`);
  // `Date` would parse February 30 as a day in March.
  return !text.startsWith('0000') && date.getUTCDate() === Number(text.slice(-2));
}

/**
 * Parses an RFC 3339 date-time with an offset. Fractional seconds may have any number of digits, because
 * serializers of Go, Java, Python and Rust write six or nine; they are truncated to milliseconds.
 *
 * @returns undefined for anything else: impossible days, leap seconds, and instants outside the years 1
 * to 9999.
 */
export function parseInstant(text: string): Date | undefined {
  const [, day = '', time = '', fraction = '', offset = ''] = DATE_TIME.exec(text) ?? [];
  if (!isCalendarDate(day)) return undefined;
  const instant = new Date(
    `${day}${time}${fraction.slice(0, MILLISECONDS)}${offset}`.toUpperCase(),
  );
  const year = instant.getUTCFullYear();
  return year >= 1 && year <= 9999 ? instant : undefined;
}
