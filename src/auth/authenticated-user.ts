import type { OwnerId } from '../database/index.js';

/** User of a verified token; all that the rest of the program knows about the token. */
export interface AuthenticatedUser {
  /** The token's `sub`: the owner of all of this user's rows. */
  readonly id: OwnerId;
  /** The token's `iss`. */
  readonly issuer: string;
  readonly tokenExpiresAt: Date;
  /** Claims of the issuer, if the token contains them. */
  readonly email?: string;
  readonly name?: string;
  /** The session that the token is of, as histories name it. */
  readonly actor: { readonly type: 'session' | 'token'; readonly name: string | null };
  /** Scopes of the token; without any it is unrestricted (RFC 6749, section 3.3). */
  readonly scopes?: readonly string[];
}
