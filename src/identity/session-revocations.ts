import { Problem } from '../problems/index.js';
import { RevokedSessions } from '../issuer/index.js';
import type { IssuerNews } from './issuer-news.js';

/** Milliseconds without a sign of the database, after which nobody's session is taken for granted. */
const BLIND_AFTER = 5_000;

/**
 * The sessions that ended while tokens of theirs may still be valid, in memory: a request costs no
 * query. While the database is out of reach they are not known, and a token that may have been
 * revoked is let in for a few seconds at most.
 */
export class SessionRevocations extends RevokedSessions {
  /** By session, when its last token will have expired; the oldest first. */
  readonly #forgetAt = new Map<string, number>();

  /** @param memory seconds for which a revoked session matters. */
  constructor(
    private readonly news: IssuerNews,
    private readonly memory: number,
  ) {
    super();
    news.subscribe({ sessionRevoked: (sessionId, age) => this.#add(sessionId, age) });
  }

  override has(sessionId: string): boolean {
    if (this.#forgetAt.has(sessionId)) return true;
    if (this.news.staleness > BLIND_AFTER) {
      throw new Problem(
        'database_unavailable',
        'Whether the session still exists cannot be told at the moment.',
      );
    }
    return false;
  }

  #add(sessionId: string, age: number): void {
    const now = performance.now();
    for (const [oldest, forgetAt] of this.#forgetAt) {
      if (forgetAt > now) break;
      this.#forgetAt.delete(oldest);
    }
    this.#forgetAt.delete(sessionId);
    this.#forgetAt.set(sessionId, now + (this.memory - age) * 1_000);
  }
}
