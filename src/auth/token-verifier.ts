import { errors, type JWTPayload, jwtVerify, type JWTVerifyOptions } from 'jose';
import { Problem } from '../problems/index.js';
import type { RevokedSessions } from '../issuer/index.js';
import type { Env } from '../config/index.js';
import type { AuthenticatedUser } from './authenticated-user.js';
import { TokenCache, type VerifiedToken } from './token-cache.js';
import { userOf } from './token-claims.js';
import { TokenError } from './token-error.js';
import { readHeader } from './token-header.js';
import type { VerificationKey, VerificationKeys } from './verification-key.js';

/** Seconds that clocks may differ. */
const LEEWAY = 30;
const MAX_TOKEN_BYTES = 8 * 1024;

/**
 * Whether each part is spelled as an encoder would: base64url ignores the last character's spare
 * bits, and a token that can be altered without notice has no one identity to cache or revoke by.
 */
function isCanonical(token: string): boolean {
  return token
    .split('.')
    .every((part) => Buffer.from(part, 'base64url').toString('base64url') === part);
}

function refusalOf(error: unknown): Error {
  if (error instanceof TokenError || error instanceof Problem) return error;
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
  // Whatever jose or WebCrypto throws otherwise, what it was given to read was the token.
  return new TokenError(
    'invalid_token',
    'The token is malformed, or its signature is invalid.',
    error,
  );
}

/** Where a token came from, and what remains of it once it is verified. */
interface TokenVerifierOptions {
  /** Known in mode `embedded` alone. */
  readonly revoked?: RevokedSessions | undefined;
  readonly now?: () => number;
  readonly monotonicNow?: (() => number) | undefined;
}

/**
 * Decides whether a token is one of ours, and whose. RFC 7519, with the rules of RFC 8725. What it
 * has verified it remembers, until the token expires, its session ends or its key is withdrawn.
 */
export class TokenVerifier {
  readonly #revoked: RevokedSessions | undefined;
  readonly #now: () => number;
  readonly #cache: TokenCache;
  /** Many first requests with one token verify it once. */
  readonly #flights = new Map<string, Promise<VerifiedToken>>();
  readonly #isEmbedded: boolean;

  constructor(
    private readonly env: Env,
    private readonly keys: VerificationKeys,
    { revoked, now = Date.now, monotonicNow }: TokenVerifierOptions = {},
  ) {
    this.#revoked = revoked;
    this.#now = now;
    this.#cache = new TokenCache({ now, monotonicNow });
    this.#isEmbedded = env.AUTH_MODE === 'embedded';
  }

  /**
   * Whose token this is, if it has been verified before and nothing has ended it since.
   *
   * @throws Problem `database_unavailable` when it cannot be told whether its session has ended.
   */
  known(token: string): AuthenticatedUser | undefined {
    const known = this.#cache.get(TokenCache.idOf(token));
    if (known === undefined || !this.keys.isCurrent(known.key) || this.#hasEnded(known)) {
      return undefined;
    }
    return known.user;
  }

  /**
   * @throws TokenError when the token is at fault.
   * @throws Problem `key_set_unavailable` or `database_unavailable` when it cannot be told.
   */
  async verify(token: string): Promise<AuthenticatedUser> {
    if (Buffer.byteLength(token) > MAX_TOKEN_BYTES) {
      throw new TokenError('invalid_token', 'The token is too long.');
    }
    const id = TokenCache.idOf(token);
    const known = this.#cache.get(id);
    const isKnown = known !== undefined && this.keys.isCurrent(known.key);
    if (this.#cache.isSpent(id, 1000 * LEEWAY)) {
      throw new TokenError('expired_token', 'The token has expired.');
    }
    const verified = isKnown ? known : await this.#verifyOnce(id, token);
    if (this.#hasEnded(verified)) {
      this.#cache.delete(id);
      throw new TokenError('session_ended', 'The session of this token has ended.');
    }
    return verified.user;
  }

  /** Rejects with 503 while no token could be verified. */
  async assertReady(): Promise<void> {
    await this.keys.assertUsable();
  }

  /** @throws Problem `database_unavailable` while nobody can tell which sessions have ended. */
  assertSessionsKnown(): void {
    this.#revoked?.has('');
  }

  #hasEnded({ sessionId }: VerifiedToken): boolean {
    return sessionId !== undefined && this.#revoked?.has(sessionId) === true;
  }

  async #verifyOnce(id: string, token: string): Promise<VerifiedToken> {
    const flight = this.#flights.get(id) ?? this.#verifyAndKeep(id, token);
    this.#flights.set(id, flight);
    return flight;
  }

  async #verifyAndKeep(id: string, token: string): Promise<VerifiedToken> {
    try {
      const verified = await this.#verifyFully(token);
      this.#cache.set(id, verified);
      return verified;
    } catch (error) {
      throw refusalOf(error);
    } finally {
      this.#flights.delete(id);
    }
  }

  async #verifyFully(token: string): Promise<VerifiedToken> {
    if (!isCanonical(token)) {
      throw new TokenError('invalid_token', 'The token is not encoded in base64url.');
    }
    const header = readHeader(token, this.keys.algorithms);
    const candidates = await this.keys.candidates(header);
    const [payload, key] = await this.#verifySignature(token, candidates);
    const { iat = -Infinity, exp = 0, sid } = payload;
    if (iat > this.#now() / 1000 + LEEWAY) {
      throw new TokenError('invalid_token', 'The token was issued in the future.');
    }
    if (this.#isEmbedded && (typeof sid !== 'string' || sid === '')) {
      throw new TokenError('invalid_token', 'The token does not name a session.');
    }
    const expires = this.#isEmbedded ? Math.min(exp, iat + this.env.tokenTtlSeconds) : exp;
    return {
      user: Object.freeze(userOf(payload, this.env.issuer)),
      key,
      sessionId: typeof sid === 'string' ? sid : undefined,
      until: expires * 1000,
    };
  }

  /** With the first of the keys that fits the signature; what it says of the claims is final. */
  async #verifySignature(
    token: string,
    candidates: readonly VerificationKey[],
  ): Promise<[JWTPayload, VerificationKey]> {
    let refusal: unknown = new errors.JWKSNoMatchingKey();
    for (const candidate of candidates) {
      try {
        const { payload } = await jwtVerify(token, candidate.key, this.#options());
        return [payload, candidate];
      } catch (error) {
        if (!(error instanceof errors.JWSSignatureVerificationFailed)) throw error;
        refusal = error;
      }
    }
    throw refusal;
  }

  #options(): JWTVerifyOptions {
    const { issuer, audience, tokenTtlSeconds } = this.env;
    return {
      algorithms: [...this.keys.algorithms],
      issuer,
      audience,
      requiredClaims: ['exp', 'sub'],
      clockTolerance: LEEWAY,
      currentDate: new Date(this.#now()),
      // So that a shorter AUTH_TOKEN_TTL is true of older tokens, too.
      ...(this.#isEmbedded && { maxTokenAge: tokenTtlSeconds }),
    };
  }
}
