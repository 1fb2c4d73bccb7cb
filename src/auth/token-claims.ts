import type { JWTPayload } from 'jose';
import { ownerOf } from './owner.js';
import type { AuthenticatedUser } from './authenticated-user.js';
import { TokenError } from './token-error.js';

const MAX_SUBJECT_LENGTH = 255;
/** Seconds: the last second that RFC 3339, with its years of four digits, can name. */
const MAX_TIME = 253_402_300_799;

/** Whether it can be stored as an owner, unaltered. */
function isUsableSubject(sub: unknown): sub is string {
  return (
    typeof sub === 'string' &&
    sub !== '' &&
    sub.length <= MAX_SUBJECT_LENGTH &&
    sub.isWellFormed() &&
    !sub.includes('\0')
  );
}

/** The list of RFC 9068, section 2.2.3, if the token has one. */
function scopesOf({ scope }: JWTPayload): Pick<AuthenticatedUser, 'scopes'> {
  if (scope === undefined) return {};
  if (typeof scope === 'string') return { scopes: scope.split(' ') };
  throw new TokenError('invalid_token', 'The scope of the token is not a string.');
}

/**
 * Whom verified claims speak for.
 *
 * @throws TokenError when they cannot be used: jose looks at the presence of most of them alone.
 */
export function userOf(payload: JWTPayload, issuer: string): AuthenticatedUser {
  const { exp = NaN, email, name } = payload;
  const sub: unknown = payload.sub;
  if (!isUsableSubject(sub)) {
    throw new TokenError('invalid_token', 'The subject of the token is invalid.');
  }
  if (!(exp <= MAX_TIME)) {
    throw new TokenError('invalid_token', 'The token expires after the year 9999.');
  }
  return {
    id: ownerOf(sub),
    issuer,
    tokenExpiresAt: new Date(exp * 1000),
    ...(typeof email === 'string' && { email }),
    ...(typeof name === 'string' && { name }),
    ...scopesOf(payload),
  };
}
