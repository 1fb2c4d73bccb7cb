import { createHash } from 'node:crypto';
import { isUUID } from 'class-validator';
import { Problem } from '../common/problem.js';

/** Where a page ended: the last task's place in the order. */
export interface Position {
  readonly createdAt: Date;
  readonly id: string;
}

const INVALID =
  'The cursor was not given out for this list, or was changed. Start at the first page.';

/** 9999-12-31T23:59:59.999Z */
const LAST_INSTANT = 253_402_300_799_999;

/** Ties a position to a user and an order, so that it means nothing in another list. */
function sealOf(userId: string, order: string, place: string): string {
  const text = JSON.stringify([userId, order, place]);
  return createHash('sha256').update(text).digest('base64url').slice(0, 22);
}

/** An opaque text that `decodeCursor` takes back from the same user for the same order. */
export function encodeCursor(userId: string, order: string, { createdAt, id }: Position): string {
  const place = `${String(createdAt.getTime())}.${id}`;
  return Buffer.from(`${place}.${sealOf(userId, order, place)}`).toString('base64url');
}

/** @throws Problem `invalid_cursor` for anything that `encodeCursor` did not make for this list. */
export function decodeCursor(userId: string, order: string, cursor: string): Position {
  const [time, id] = Buffer.from(cursor, 'base64url').toString().split('.');
  const position = { createdAt: new Date(Number(time)), id: id ?? '' };
  // Whoever knows how a cursor is made can make one: it still has to name a possible place.
  const possible = Math.abs(Number(time)) <= LAST_INSTANT && isUUID(id, 'loose');
  if (!possible || encodeCursor(userId, order, position) !== cursor) {
    throw new Problem('invalid_cursor', INVALID, {
      errors: [{ parameter: 'cursor', code: 'cursor', detail: INVALID }],
    });
  }
  return position;
}
