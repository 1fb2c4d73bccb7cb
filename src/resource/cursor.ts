import { createHmac, hash, timingSafeEqual } from 'node:crypto';
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

/** Encodes and decodes cursors with a key; an opaque string, accepted for the scope it was made for. */
export class CursorCodec {
  /** Keys of the scopes of lists that are being paged through. */
  readonly #scopeKeys = new LRUCache<string, Buffer>({ max: MAX_SCOPES });

  constructor(private readonly key: Buffer) {}

  encode(scope: CursorScope, { value, id }: Position): string {
    const place = Buffer.from(JSON.stringify([value, id]));
    return Buffer.concat([this.#sealOf(scope, place), place]).toString('base64url');
  }

  /**
   * Returns the position of a cursor.
   *
   * @throws Problem `invalid_cursor` for anything that `encode` did not return for this scope.
   */
  decode(scope: CursorScope, cursor: string): Position {
    const position = this.open(scope, cursor);
    if (position !== undefined) return position;
    throw new Problem('invalid_cursor', INVALID, {
      errors: [{ parameter: 'cursor', code: 'cursor', detail: INVALID }],
    });
  }

  /** Returns the position of a cursor; undefined for anything that `encode` did not return for this scope. */
  open(scope: CursorScope, cursor: string): Position | undefined {
    const bytes = Buffer.from(cursor, 'base64url');
    const seal = bytes.subarray(0, SEAL_BYTES);
    const place = bytes.subarray(SEAL_BYTES);
    const isOurs =
      seal.length === SEAL_BYTES &&
      bytes.toString('base64url') === cursor &&
      timingSafeEqual(seal, this.#sealOf(scope, place));
    if (!isOurs) return undefined;
    const [value, id] = JSON.parse(place.toString()) as [Position['value'], string];
    return { value, id };
  }

  /**
   * Returns the seal of a place. SHA-3 with a key in front is a MAC: its digest is not a state that could
   * be extended, so it needs no HMAC around it. https://keccak.team/keccak_strengths.html
   */
  #sealOf(scope: CursorScope, place: Buffer): Buffer {
    const mac = hash('sha3-256', Buffer.concat([this.#scopeKeyOf(scope), place]), 'buffer');
    return mac.subarray(0, SEAL_BYTES);
  }

  /** Derives the key of a scope. */
  #scopeKeyOf({ userId, list }: CursorScope): Buffer {
    const scope = JSON.stringify([userId, list]);
    const known = this.#scopeKeys.get(scope);
    if (known !== undefined) return known;
    const derived = createHmac('sha256', this.key).update(scope).digest();
    if (scope.length <= MAX_SCOPE_CHARACTERS) this.#scopeKeys.set(scope, derived);
    return derived;
  }
}
