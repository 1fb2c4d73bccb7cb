import type { OwnerId } from '../database/index.js';

/** User of a verified token; all that the rest of the program knows about the token. */
export interface AuthenticatedUser {
  /** The token's `sub`, or the owner of a personal token: the owner of all of this user's rows. */
  readonly id: OwnerId;
  /** The token's `iss`; of a personal token, the issuer of this installation. */
  readonly issuer: string;
  /** Null for a personal token that does not expire. */
  readonly tokenExpiresAt: Date | null;
  /** Claims of the issuer, if the token contains them. */
  readonly email?: string;
  readonly name?: string;
  /** The session of the token, or the personal token, as histories name it. */
  readonly actor: { readonly type: 'session' | 'token'; readonly name: string | null };
  /** Id of a personal token. */
  readonly personalTokenId?: string;
  /** Scopes of the token; without any it is unrestricted (RFC 6749, section 3.3). */
  readonly scopes?: readonly string[];
}
