import type { OwnerId } from '../database/index.js';

/** Result of looking up a token whose owner is not known yet. */
export interface FoundToken {
  readonly ownerId: string;
  readonly scopes: readonly string[];
  readonly expiresAt: Date | null;
  /** Stands for the time of the lookup: see `isCurrent`. */
  readonly epoch: object;
}

/** A token as its owner sees it. */
export interface TokenDetails {
  readonly id: string;
  readonly name: string;
  /** Day of the last use (UTC). */
  readonly lastUsedOn: string | null;
}

/**
 * Personal tokens, as authentication needs them. Tokens are named by the SHA-256 of the whole token, in
 * hex. The class is its own injection token.
 */
export abstract class PersonalTokens {
  /** @throws Problem `database_unavailable` or `too_many_concurrent_requests` */
  abstract find(hash: string): Promise<FoundToken | undefined>;

  /** @throws as `find` */
  abstract describe(ownerId: OwnerId, hash: string): Promise<TokenDetails | undefined>;

  /** Returns whether every revocation since a lookup is known; otherwise it has to be repeated. */
  abstract isCurrent(epoch: object): boolean;

  /**
   * Returns whether the token with this id was revoked since it was looked up.
   *
   * @throws Problem `database_unavailable` while that is unknown.
   */
  abstract isRevoked(id: string): boolean;

  /** Calls back whenever the result of `isCurrent` or `isRevoked` may have changed. */
  abstract onRevoked(listener: () => void): void;

  /** Records that a token was used today. */
  abstract recordUse(hash: string, day: string): void;
}
