import type { OwnerId } from '../database/index.js';

/** Whoever a verified token speaks for; all that the rest of the program learns of the token. */
export interface AuthenticatedUser {
  /** The token's `sub`: the owner of every row this user has. */
  readonly id: OwnerId;
  /** The token's `iss`: who vouches for the user. */
  readonly issuer: string;
  readonly tokenExpiresAt: Date;
  /** What the issuer says of the user, where it says it in the token. */
  readonly email?: string;
  readonly name?: string;
  /** What the token is good for; without it, for everything (RFC 6749, section 3.3). */
  readonly scopes?: readonly string[];
}
