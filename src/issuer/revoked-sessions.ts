/**
 * Sessions that ended before their tokens expire, as known to the embedded issuer. This class and
 * `KeySource` are all that the modules `auth` and `identity` share.
 */
export abstract class RevokedSessions {
  /**
   * Returns whether the session with this id (the `sid` of a token) has ended.
   *
   * @throws Problem `database_unavailable` while that is unknown.
   */
  abstract has(sessionId: string): boolean;

  /** Calls back whenever another session has ended. */
  abstract onRevoked(listener: () => void): void;
}
