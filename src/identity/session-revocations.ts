import { Problem } from '../problems/index.js';
import { RevokedSessions } from '../issuer/index.js';
import type { SessionEvents } from './session-events.js';

/** How long the database may be silent before no session is trusted any more. */
const MAX_STALENESS_MS = 5_000;

/**
 * Sessions that ended while tokens of theirs may still be valid. They are kept in memory, so that a
 * request costs no query. During an outage a revoked token is accepted for a few seconds at most.
 */
export class SessionRevocations extends RevokedSessions {
  /** When the last token of a session expires, by session id, oldest first. */
  readonly #expiresAt = new Map<string, number>();
  readonly #listeners: (() => void)[] = [];

  /** @param retentionSeconds how long a revoked session matters. */
  constructor(
    private readonly events: SessionEvents,
    private readonly retentionSeconds: number,
  ) {
    super();
    events.subscribe({
      sessionRevoked: (sessionId, ageSeconds) => this.#add(sessionId, ageSeconds),
    });
  }

  override has(sessionId: string): boolean {
    if (this.#expiresAt.has(sessionId)) return true;
    if (this.events.staleness > MAX_STALENESS_MS) {
      throw new Problem(
        'database_unavailable',
        'The database is unavailable, so it is unknown whether the session has ended.',
      );
    }
    return false;
  }

  override onRevoked(listener: () => void): void {
    this.#listeners.push(listener);
  }

  #add(sessionId: string, ageSeconds: number): void {
    const now = performance.now();
    for (const [oldest, expiresAt] of this.#expiresAt) {
      if (expiresAt > now) break;
      this.#expiresAt.delete(oldest);
    }
    this.#expiresAt.delete(sessionId);
    this.#expiresAt.set(sessionId, now + (this.retentionSeconds - ageSeconds) * 1_000);
    for (const listener of this.#listeners) listener();
  }
}
