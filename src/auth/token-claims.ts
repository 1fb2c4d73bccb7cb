import type { JWTPayload } from 'jose';
import { ownerOf } from './owner.js';
import type { AuthenticatedUser } from './authenticated-user.js';
import { TokenError } from './token-error.js';

const MAX_SUBJECT_LENGTH = 255;
const MAX_SESSION_NAME_LENGTH = 100;
/** Last second of the year 9999, the end of RFC 3339's four-digit years. */
const MAX_EXPIRY_SECONDS = 253_402_300_799;

/** Returns whether a subject can be stored unchanged as an owner. */
function isUsableSubject(sub: unknown): sub is string {
  return (
    typeof sub === 'string' &&
    sub !== '' &&
    sub.length <= MAX_SUBJECT_LENGTH &&
    sub.isWellFormed() &&
    !sub.includes('\0')
  );
}

/** Returns the scopes of RFC 9068, section 2.2.3, if the token has any. */
function scopesOf({ scope }: JWTPayload): Pick<AuthenticatedUser, 'scopes'> {
  if (scope === undefined) return {};
  if (typeof scope === 'string') return { scopes: scope.split(' ') };
  throw new TokenError('invalid_token', 'The scope of the token is not a string.');
}

/** Returns the name of the session, which tokens of other issuers do not contain. */
function sessionNameOf({ session_name: name }: JWTPayload): string | null {
  if (typeof name !== 'string' || name.length > MAX_SESSION_NAME_LENGTH) return null;
  return name.isWellFormed() && !name.includes('\0') ? name : null;
}

/**
 * Returns the user that verified claims identify.
 *
 * @throws TokenError when a claim is unusable: jose checks only the presence of most of them.
 */
export function userOf(payload: JWTPayload, issuer: string): AuthenticatedUser {
  const { exp = NaN, email, name } = payload;
  const sub: unknown = payload.sub;
  if (!isUsableSubject(sub)) {
    throw new TokenError('invalid_token', 'The subject of the token is invalid.');
  }
  if (!(exp <= MAX_EXPIRY_SECONDS)) {
    throw new TokenError('invalid_token', 'The token expires after the year 9999.');
  }
  return {
    id: ownerOf(sub),
    issuer,
    actor: { type: 'session', name: sessionNameOf(payload) },
    tokenExpiresAt: new Date(exp * 1000),
    ...(typeof email === 'string' && { email }),
    ...(typeof name === 'string' && { name }),
    ...scopesOf(payload),
  };
}
