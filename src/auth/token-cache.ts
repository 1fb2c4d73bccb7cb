import { hash } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import type { AuthenticatedUser } from './authenticated-user.js';
import type { TokenError } from './token-error.js';

const MAX_ENTRIES = 10_000;

/** Basis of the trust in a verified token, which may end before the token expires. */
interface TokenBasis {
  /** Returns false when the token must be verified again. */
  readonly isCurrent: () => boolean;
  /**
   * Returns whether the session or the personal token has ended.
   *
   * @throws Problem `database_unavailable` while that is unknown.
   */
  readonly hasEnded: () => boolean;
  /** Returns the error of a token that has ended. */
  readonly endError: () => TokenError;
  /** Records a use, for the owner of a personal token. */
  readonly recordUse?: () => void;
}

/** Result of verifying a token. */
export interface VerifiedToken {
  readonly user: AuthenticatedUser;
  readonly basis: TokenBasis;
  /** Time at which the token must be verified again (ms since 1970). */
  readonly until: number;
}

interface Entry {
  readonly token: VerifiedToken;
  /** When the token expires on the monotonic clock (ms). */
  readonly expiresAt: number;
}

interface TokenCacheOptions {
  readonly now: () => number;
  /** Monotonic clock (ms since any moment). */
  readonly monotonicNow?: (() => number) | undefined;
}

/**
 * LRU cache of verified tokens. The keys are SHA-256 digests, so that a memory dump contains no
 * usable token.
 *
 * The lifetime of a token is also measured on the monotonic clock: setting back the wall clock does
 * not extend it.
 */
export class TokenCache {
  readonly #entries = new LRUCache<string, Entry>({ max: MAX_ENTRIES });
  readonly #now: () => number;
  readonly #monotonicNow: () => number;

  constructor({ now, monotonicNow = () => performance.now() }: TokenCacheOptions) {
    this.#now = now;
    this.#monotonicNow = monotonicNow;
  }

  /** Returns the cache key of a token. */
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

  /**
   * Returns whether the token expired more than `leeway` ms ago on the monotonic clock, whatever
   * the wall clock shows.
   */
  isSpent(id: string, leeway: number): boolean {
    const entry = this.#entries.peek(id);
    return entry !== undefined && this.#monotonicNow() >= entry.expiresAt + leeway;
  }

  /** Ignores a token that is accepted only because of the leeway, and never extends an entry. */
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
