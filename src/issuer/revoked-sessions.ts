/**
 * The sessions that have ended before their tokens expire, as the embedded issuer knows them. This
 * and `KeySource` are all that the modules `auth` and `identity` share.
 */
export abstract class RevokedSessions {
  /**
   * Whether the session with this id (a token's `sid`) has ended.
   *
   * @throws Problem `database_unavailable` while it cannot be known.
   */
  abstract has(sessionId: string): boolean;
}
