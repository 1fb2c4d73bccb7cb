/** How often the periods of a rule repeat. */
export type Frequency = 'DAILY' | 'WEEKLY' | 'MONTHLY' | 'YEARLY';

/** An element of `BYDAY`: a weekday, or the `ordinal`th of its month or year; negative from the end. */
export interface OrdinalWeekday {
  /** 0 is Monday. */
  readonly weekday: number;
  readonly ordinal: number | null;
}

/** The last moment of a series, which is included. */
export interface Until {
  /** Days since 1970-01-01. */
  readonly day: number;
  /** Milliseconds since midnight; null for a date, which includes the whole day. */
  readonly time: number | null;
  /** Whether day and time are in UTC, and not in the time zone of the recurrence. */
  readonly isUtc: boolean;
}

/** A parsed recurrence rule (RFC 5545, 3.3.10). Lists are empty where the rule does not have the part. */
export interface Rule {
  readonly frequency: Frequency;
  readonly interval: number;
  readonly count: number | null;
  readonly until: Until | null;
  /** First day of the week: 0 is Monday. */
  readonly weekStart: number;
  readonly months: readonly number[];
  readonly monthDays: readonly number[];
  readonly yearDays: readonly number[];
  readonly weekNumbers: readonly number[];
  readonly weekdays: readonly OrdinalWeekday[];
  readonly positions: readonly number[];
}

/** Returns the elements at the positions of `BYSETPOS`, in order; all elements without positions. */
export function selectPositions<T>(elements: readonly T[], positions: readonly number[]): T[] {
  if (positions.length === 0) return [...elements];
  const { length } = elements;
  const indexes = positions.map((position) => (position > 0 ? position - 1 : length + position));
  return elements.filter((_, index) => indexes.includes(index));
}
