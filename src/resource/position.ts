import { BASE_52_DIGITS, generateKeyBetween, generateNKeysBetween } from 'fractional-indexing';
import { v7 as uuidv7 } from 'uuid';

/** Digits of positions: those of a UUID are a position, too. */
const DIGITS = '0123456789abcdef';

/** Digits of a UUIDv7 up to the end of its counter, and the letter that says how many there are. */
const ID_DIGITS = 25;
const ID_LENGTH_LETTER = 'y';

/** Longer positions are replaced by shorter ones. */
const MAX_POSITION_LENGTH = 100;

/** Returns a new position after all others: it begins with the time, and no other one is the same. */
export const endPosition = (): string =>
  ID_LENGTH_LETTER + uuidv7().replaceAll('-', '').slice(0, ID_DIGITS);

/**
 * Returns a position between two; null stands for no row on that side.
 *
 * @returns undefined if there is none, or only too long ones.
 */
export function positionBetween(low: string | null, high: string | null): string | undefined {
  if (low !== null && high !== null && low >= high) return undefined;
  const position = generateKeyBetween(low, high, DIGITS, BASE_52_DIGITS);
  return position.length > MAX_POSITION_LENGTH ? undefined : position;
}

/** Returns `count` positions between two, in ascending order and as short as there are. */
export const positionsBetween = (
  low: string | null,
  high: string | null,
  count: number,
): string[] => generateNKeysBetween(low, high, count, DIGITS, BASE_52_DIGITS);
