import { hash } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import type { AuthenticatedUser } from './authenticated-user.js';
import type { VerificationKey } from './verification-key.js';

const MAX_ENTRIES = 10_000;

/** What came of verifying a token. */
export interface VerifiedToken {
  readonly user: AuthenticatedUser;
  readonly key: VerificationKey;
  /** The session that it stands for, where the issuer names one. */
  readonly sessionId: string | undefined;
  /** Milliseconds since 1970 from which it has to be looked at again. */
  readonly until: number;
}

interface Entry {
  readonly token: VerifiedToken;
  /** When the token expires on the monotonic clock (ms). */
  readonly expiresAt: number;
}

interface TokenCacheOptions {
  readonly now: () => number;
  /** Milliseconds since any moment, by a clock that nobody can set. */
  readonly monotonicNow?: (() => number) | undefined;
}

/**
 * Verified tokens, the least recently used of them given up first. It is keyed by their SHA-256, so
 * that a dump of the memory holds no token that could be used.
 *
 * A token's time is counted on the monotonic clock too: a wall clock that is set back lengthens the
 * life of none.
 */
export class TokenCache {
  readonly #entries = new LRUCache<string, Entry>({ max: MAX_ENTRIES });
  readonly #now: () => number;
  readonly #monotonicNow: () => number;

  constructor({ now, monotonicNow = () => performance.now() }: TokenCacheOptions) {
    this.#now = now;
    this.#monotonicNow = monotonicNow;
  }

  /** The key of a token here. */
  static idOf(token: string): string {
    return hash('sha256', token, 'base64url');
  }

  get(id: string): VerifiedToken | undefined {
    const entry = this.#entries.get(id);
    if (entry === undefined || this.#monotonicNow() >= entry.expiresAt) return undefined;
    if (this.#now() < entry.token.until) return entry.token;
    this.#entries.delete(id);
    return undefined;
  }

  /** Whether the token expired more than `leeway` ms ago by the monotonic clock, whatever the wall clock says. */
  isSpent(id: string, leeway: number): boolean {
    const entry = this.#entries.peek(id);
    return entry !== undefined && this.#monotonicNow() >= entry.expiresAt + leeway;
  }

  /** Keeps nothing of a token that only the leeway has let in, and prolongs no token that is kept. */
  set(id: string, token: VerifiedToken): void {
    const left = token.until - this.#now();
    if (!(left > 0)) return;
    const expiresAt = this.#monotonicNow() + left;
    const kept = this.#entries.peek(id)?.expiresAt ?? Infinity;
    this.#entries.set(id, { token, expiresAt: Math.min(expiresAt, kept) });
  }

  delete(id: string): void {
    this.#entries.delete(id);
  }
}
