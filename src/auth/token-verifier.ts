import { errors, jwtVerify, type JWTPayload, type JWTVerifyGetKey } from 'jose';
import type { Env } from '../config/env.js';
import type { AuthenticatedUser } from './authenticated-user.js';
import type { CachedKeySet } from './cached-key-set.js';
import { TokenError } from './token-error.js';

/** Seconds that clocks may differ. */
const LEEWAY = 30;
const MAX_TOKEN_BYTES = 8 * 1024;
const MAX_SUBJECT_LENGTH = 255;

/** The mode fixes the algorithms, so a public key can never be taken for a shared secret. */
const ASYMMETRIC = ['EdDSA', 'ES256', 'ES512', 'RS256', 'PS256'];
const SYMMETRIC = ['HS256'];

/**
 * Whether each part is spelled as an encoder would: base64url ignores the last character's spare
 * bits, and a token that can be altered without notice has no one identity to cache or revoke by.
 */
function isCanonical(token: string): boolean {
  return token
    .split('.')
    .every((part) => Buffer.from(part, 'base64url').toString('base64url') === part);
}

/** Whether it can be stored as an owner, unaltered. */
function isUsableSubject(sub: string): boolean {
  return (
    sub !== '' && sub.length <= MAX_SUBJECT_LENGTH && sub.isWellFormed() && !sub.includes('\0')
  );
}

function userOf(payload: JWTPayload): AuthenticatedUser {
  const { iat = 0 } = payload;
  // Of any JSON type: jose looks at its presence alone.
  const sub: unknown = payload.sub;
  if (iat > Date.now() / 1000 + LEEWAY) {
    throw new TokenError('invalid_token', 'The token was issued in the future.');
  }
  if (typeof sub !== 'string' || !isUsableSubject(sub)) {
    throw new TokenError('invalid_token', 'The subject of the token is not usable.');
  }
  return { id: sub };
}

function refusalOf(error: unknown): unknown {
  if (error instanceof errors.JWTExpired) {
    return new TokenError('expired_token', 'The token has expired.', error);
  }
  // A claim's message names the claim, never its value.
  if (error instanceof errors.JWTClaimValidationFailed) {
    return new TokenError(
      'invalid_token',
      `The token is not for this API: ${error.message}.`,
      error,
    );
  }
  if (error instanceof errors.JOSEError) {
    return new TokenError(
      'invalid_token',
      'The token is malformed or its signature is wrong.',
      error,
    );
  }
  return error;
}

/** Decides whether a token is one of ours, and whose. RFC 7519, with the rules of RFC 8725. */
export class TokenVerifier {
  readonly #key: Uint8Array | JWTVerifyGetKey;
  readonly #algorithms: string[];

  /** @param keys the issuer's public keys; undefined in mode `secret`. */
  constructor(
    private readonly env: Env,
    private readonly keys: CachedKeySet | undefined,
  ) {
    this.#algorithms = keys === undefined ? SYMMETRIC : ASYMMETRIC;
    this.#key =
      keys === undefined
        ? new TextEncoder().encode(env.BETTER_AUTH_SECRET)
        : (header, token) => keys.keyOf(header, token);
  }

  /**
   * @throws TokenError when the token is at fault.
   * @throws Problem `key_set_unavailable` when it cannot be told.
   */
  async verify(token: string): Promise<AuthenticatedUser> {
    if (Buffer.byteLength(token) > MAX_TOKEN_BYTES) {
      throw new TokenError('invalid_token', 'The token is too long.');
    }
    if (!isCanonical(token)) {
      throw new TokenError('invalid_token', 'The token is not in base64url.');
    }
    try {
      const { payload } = await jwtVerify(token, this.#key as JWTVerifyGetKey, {
        algorithms: this.#algorithms,
        issuer: this.env.issuer,
        audience: this.env.audience,
        requiredClaims: ['exp', 'sub'],
        clockTolerance: LEEWAY,
      });
      return userOf(payload);
    } catch (error) {
      throw refusalOf(error);
    }
  }

  /** Rejects with 503 while no token could be verified. */
  async assertReady(): Promise<void> {
    await this.keys?.assertUsable();
  }
}
