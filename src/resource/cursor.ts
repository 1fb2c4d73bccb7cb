import { createHmac, hash, type KeyObject, timingSafeEqual } from 'node:crypto';
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

/** Keys of the scopes of lists that are being paged through, by the key that they are derived from. */
const scopeKeys = new WeakMap<KeyObject, LRUCache<string, Buffer>>();

function scopeKeysOf(key: KeyObject): LRUCache<string, Buffer> {
  const known = scopeKeys.get(key);
  if (known !== undefined) return known;
  const keys = new LRUCache<string, Buffer>({ max: MAX_SCOPES });
  scopeKeys.set(key, keys);
  return keys;
}

/** Derives the key of a scope. */
function scopeKeyOf(key: KeyObject, { userId, list }: CursorScope): Buffer {
  const scope = JSON.stringify([userId, list]);
  const keys = scopeKeysOf(key);
  const known = keys.get(scope);
  if (known !== undefined) return known;
  const derived = createHmac('sha256', key).update(scope).digest();
  if (scope.length <= MAX_SCOPE_CHARACTERS) keys.set(scope, derived);
  return derived;
}

/**
 * Returns the seal of a place. SHA-3 with a key in front is a MAC: its digest is not a state that could be
 * extended, so it needs no HMAC around it. https://keccak.team/keccak_strengths.html
 */
function sealOf(key: KeyObject, scope: CursorScope, place: Buffer): Buffer {
  const mac = hash('sha3-256', Buffer.concat([scopeKeyOf(key, scope), place]), 'buffer');
  return mac.subarray(0, SEAL_BYTES);
}

/** Returns an opaque string, which `decodeCursor` accepts with the same key and scope. */
export function encodeCursor(key: KeyObject, scope: CursorScope, { value, id }: Position): string {
  const place = Buffer.from(JSON.stringify([value, id]));
  return Buffer.concat([sealOf(key, scope, place), place]).toString('base64url');
}

/**
 * Returns the position of a cursor.
 *
 * @throws Problem `invalid_cursor` for anything that `encodeCursor` did not return for this scope.
 */
export function decodeCursor(key: KeyObject, scope: CursorScope, cursor: string): Position {
  const bytes = Buffer.from(cursor, 'base64url');
  const seal = bytes.subarray(0, SEAL_BYTES);
  const place = bytes.subarray(SEAL_BYTES);
  const isOurs =
    seal.length === SEAL_BYTES &&
    bytes.toString('base64url') === cursor &&
    timingSafeEqual(seal, sealOf(key, scope, place));
  if (!isOurs) {
    throw new Problem('invalid_cursor', INVALID, {
      errors: [{ parameter: 'cursor', code: 'cursor', detail: INVALID }],
    });
  }
  const [value, id] = JSON.parse(place.toString()) as [Position['value'], string];
  return { value, id };
}
