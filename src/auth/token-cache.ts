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

/**
 * Verified tokens, the least recently used of them given up first. It is keyed by their SHA-256, so
 * that a dump of the memory holds no token that could be used.
 */
export class TokenCache {
  readonly #tokens = new LRUCache<string, VerifiedToken>({ max: MAX_ENTRIES });

  constructor(private readonly now: () => number) {}

  /** The key of a token here. */
  static idOf(token: string): string {
    return hash('sha256', token, 'base64url');
  }

  get(id: string): VerifiedToken | undefined {
    const token = this.#tokens.get(id);
    if (token === undefined || this.now() < token.until) return token;
    this.#tokens.delete(id);
    return undefined;
  }

  /** Keeps nothing of a token that only the leeway has let in. */
  set(id: string, token: VerifiedToken): void {
    if (this.now() < token.until) this.#tokens.set(id, token);
  }

  delete(id: string): void {
    this.#tokens.delete(id);
  }
}
