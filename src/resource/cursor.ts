import { createHash, createHmac, type KeyObject, timingSafeEqual } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import { Problem } from '../problems/index.js';

/** The end of a page: the place of its last row in the order. */
export interface Position {
  /** The value that the list is sorted by: milliseconds, a day, a number, a string, or null for none. */
  readonly value: number | string | null;
  readonly id: string;
}

/** Scope of a cursor: one user's list, with its filters and its order. */
export interface CursorScope {
  readonly userId: string;
  readonly list: unknown;
}

const INVALID =
  'The cursor was not given out for this list, or was changed. Start at the first page.';

const SEAL_BYTES = 16;
const MAX_SCOPES = 1_000;
/** Longer scopes are rare, and not remembered. */
const MAX_SCOPE_CHARACTERS = 1_000;

/** Digests of the scopes of lists that are being paged through. */
const digests = new LRUCache<string, Buffer>({ max: MAX_SCOPES });

function digestOf({ userId, list }: CursorScope): Buffer {
  const scope = JSON.stringify([userId, list]);
  const known = digests.get(scope);
  if (known !== undefined) return known;
  const digest = createHash('sha256').update(scope).digest();
  if (scope.length <= MAX_SCOPE_CHARACTERS) digests.set(scope, digest);
  return digest;
}

function sealOf(key: KeyObject, scope: CursorScope, place: string): Buffer {
  const mac = createHmac('sha256', key).update(digestOf(scope)).update(place).digest();
  return mac.subarray(0, SEAL_BYTES);
}

/** Returns an opaque string, which `decodeCursor` accepts with the same key and scope. */
export function encodeCursor(key: KeyObject, scope: CursorScope, { value, id }: Position): string {
  const place = JSON.stringify([value, id]);
  const seal = sealOf(key, scope, place);
  return Buffer.concat([seal, Buffer.from(place)]).toString('base64url');
}

/**
 * Returns the position of a cursor.
 *
 * @throws Problem `invalid_cursor` for anything that `encodeCursor` did not return for this scope.
 */
export function decodeCursor(key: KeyObject, scope: CursorScope, cursor: string): Position {
  const bytes = Buffer.from(cursor, 'base64url');
  const seal = bytes.subarray(0, SEAL_BYTES);
  const place = bytes.subarray(SEAL_BYTES).toString();
  const isOurs =
    seal.length === SEAL_BYTES &&
    bytes.toString('base64url') === cursor &&
    timingSafeEqual(seal, sealOf(key, scope, place));
  if (!isOurs) {
    throw new Problem('invalid_cursor', INVALID, {
      errors: [{ parameter: 'cursor', code: 'cursor', detail: INVALID }],
    });
  }
  const [value, id] = JSON.parse(place) as [Position['value'], string];
  return { value, id };
}
