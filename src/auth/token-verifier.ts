import { errors, type JWTPayload, jwtVerify, type JWTVerifyOptions } from 'jose';
import { tokenCache } from '../metrics/index.js';
import { Problem } from '../problems/index.js';
import { tracer } from '../tracing/index.js';
import { isPersonalToken, type PersonalTokens, type RevokedSessions } from '../issuer/index.js';
import type { Env } from '../config/index.js';
import type { AuthenticatedUser } from './authenticated-user.js';
import { PersonalTokenVerifier } from './personal-token-verifier.js';
import { TokenCache, type VerifiedToken } from './token-cache.js';
import { userOf } from './token-claims.js';
import { TokenError } from './token-error.js';
import { readHeader } from './token-header.js';
import type { VerificationKey, VerificationKeys } from './verification-key.js';

/** Allowed clock skew. */
const LEEWAY_SECONDS = 30;
const MAX_TOKEN_BYTES = 8 * 1024;

/**
 * Returns whether each part is encoded canonically: base64url ignores the spare bits of the last
 * character, and a token that can be altered unnoticed has no unique identity to cache or revoke.
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
  // The message names the claim, never its value.
  if (error instanceof errors.JWTClaimValidationFailed) {
    return new TokenError(
      'invalid_token',
      `The token is not for this API: ${error.message}.`,
      error,
    );
  }
  // Any other error of jose or WebCrypto is due to the token, their only input.
  return new TokenError(
    'invalid_token',
    'The token is malformed, or its signature is invalid.',
    error,
  );
}

/** Reason why a token is no longer valid. */
export type TokenEnd = 'session-ended' | 'token-expired';

/** A verified token, with its end on the monotonic clock (ms). */
interface KnownToken extends VerifiedToken {
  readonly expiresAt: number;
}

/** Tokens of the users that were returned. Passport's strategies belong to the whole process, too. */
const knownTokens = new WeakMap<AuthenticatedUser, KnownToken>();

/** Callbacks and clocks of a `TokenVerifier`. */
interface TokenVerifierOptions {
  /** Set in mode `embedded` only. */
  readonly revoked?: RevokedSessions | undefined;
  readonly personalTokens?: PersonalTokens;
  readonly now?: () => number;
  readonly monotonicNow?: (() => number) | undefined;
}

/**
 * Verifies tokens of the issuer by RFC 7519 and the rules of RFC 8725, and looks up personal ones.
 * Verified tokens are cached until they expire, their session ends, their key is withdrawn, or they are
 * revoked.
 */
export class TokenVerifier {
  readonly #revoked: RevokedSessions | undefined;
  readonly #personalTokens: PersonalTokens | undefined;
  readonly #personal: PersonalTokenVerifier | undefined;
  readonly #now: () => number;
  readonly #monotonicNow: () => number;
  readonly #cache: TokenCache;
  /** Concurrent first requests with one token share its verification. */
  readonly #flights = new Map<string, Promise<VerifiedToken>>();
  readonly #isEmbedded: boolean;

  constructor(
    private readonly env: Env,
    private readonly keys: VerificationKeys,
    {
      revoked,
      personalTokens,
      now = Date.now,
      monotonicNow = () => performance.now(),
    }: TokenVerifierOptions = {},
  ) {
    this.#revoked = revoked;
    this.#personalTokens = personalTokens;
    this.#personal = personalTokens && new PersonalTokenVerifier(env, personalTokens, now);
    this.#now = now;
    this.#monotonicNow = monotonicNow;
    this.#cache = new TokenCache({ now, monotonicNow });
    this.#isEmbedded = env.AUTH_MODE === 'embedded';
  }

  /**
   * Returns the user of a token that was verified before and is still valid.
   *
   * @throws Problem `database_unavailable` when it is unknown whether the session has ended.
   */
  cachedUser(token: string): AuthenticatedUser | undefined {
    const cached = this.#cache.get(TokenCache.idOf(token));
    if (cached === undefined || !cached.basis.isCurrent() || cached.basis.hasEnded()) {
      return undefined;
    }
    cached.basis.recordUse?.();
    return cached.user;
  }

  /**
   * @throws TokenError when the token is invalid.
   * @throws Problem `key_set_unavailable`, `database_unavailable` or `too_many_concurrent_requests` when
   *   that cannot be determined.
   */
  async verify(token: string): Promise<AuthenticatedUser> {
    if (Buffer.byteLength(token) > MAX_TOKEN_BYTES) {
      throw new TokenError('invalid_token', 'The token is too long.');
    }
    const id = TokenCache.idOf(token);
    const cached = this.#cache.get(id);
    const isKnown = cached?.basis.isCurrent() === true;
    if (this.#cache.isSpent(id, 1000 * LEEWAY_SECONDS)) {
      throw new TokenError('expired_token', 'The token has expired.');
    }
    const verified = isKnown ? cached : await this.#verifyOnce(id, token);
    if (verified.basis.hasEnded()) {
      this.#cache.delete(id);
      throw verified.basis.endError();
    }
    verified.basis.recordUse?.();
    return verified.user;
  }

  /**
   * Returns why the token of a user is no longer valid, for a response that outlasts its request. A
   * new request has a leeway; here an expired token is at its end.
   *
   * @param user as a verifier returned it.
   * @throws Problem `database_unavailable` when it is unknown whether the session has ended.
   */
  endOf(user: AuthenticatedUser): TokenEnd | undefined {
    const token = knownTokens.get(user);
    if (token === undefined) throw new TypeError('The user was not returned by a verifier.');
    const isExpired = this.#now() >= token.until || this.#monotonicNow() >= token.expiresAt;
    if (isExpired || !token.basis.isCurrent()) return 'token-expired';
    return token.basis.hasEnded() ? 'session-ended' : undefined;
  }

  /** Calls back whenever `endOf` may have changed for another reason than time. */
  onSessionEnded(listener: () => void): void {
    this.#revoked?.onRevoked(listener);
    this.#personalTokens?.onRevoked(listener);
  }

  /** Rejects with 503 while no token could be verified. */
  async assertReady(): Promise<void> {
    await this.keys.assertUsable();
  }

  /** @throws Problem `database_unavailable` while it is unknown which sessions have ended. */
  assertSessionsKnown(): void {
    this.#revoked?.has('');
  }

  async #verifyOnce(id: string, token: string): Promise<VerifiedToken> {
    const verify = () => this.#verifyAndCache(id, token);
    const flight = this.#flights.get(id) ?? tracer?.span('verify token', verify) ?? verify();
    this.#flights.set(id, flight);
    return flight;
  }

  async #verifyAndCache(id: string, token: string): Promise<VerifiedToken> {
    tokenCache.misses += 1;
    try {
      const verified = await this.#verifyFully(token);
      this.#cache.set(id, verified);
      const expiresAt = this.#monotonicNow() + verified.until - this.#now();
      knownTokens.set(verified.user, { ...verified, expiresAt });
      return verified;
    } catch (error) {
      throw refusalOf(error);
    } finally {
      this.#flights.delete(id);
    }
  }

  async #verifyFully(token: string): Promise<VerifiedToken> {
    if (this.#personal && isPersonalToken(token)) return this.#personal.verify(token);
    if (!isCanonical(token)) {
      throw new TokenError('invalid_token', 'The token is not encoded in base64url.');
    }
    const header = readHeader(token, this.keys.algorithms);
    const candidates = await this.keys.candidates(header);
    const [payload, key] = await this.#verifySignature(token, candidates);
    const { iat = -Infinity, exp = 0, sid } = payload;
    if (iat > this.#now() / 1000 + LEEWAY_SECONDS) {
      throw new TokenError('invalid_token', 'The token was issued in the future.');
    }
    if (this.#isEmbedded && (typeof sid !== 'string' || sid === '')) {
      throw new TokenError('invalid_token', 'The token does not name a session.');
    }
    const expires = this.#isEmbedded ? Math.min(exp, iat + this.env.tokenTtlSeconds) : exp;
    return {
      user: Object.freeze(userOf(payload, this.env.issuer)),
      basis: this.#basisOf(key, typeof sid === 'string' ? sid : undefined),
      until: expires * 1000,
    };
  }

  /** @param sessionId session of the token, if the issuer names one. */
  #basisOf(key: VerificationKey, sessionId: string | undefined): VerifiedToken['basis'] {
    return {
      isCurrent: () => this.keys.isCurrent(key),
      hasEnded: () => sessionId !== undefined && this.#revoked?.has(sessionId) === true,
      endError: () => new TokenError('session_ended', 'The session of this token has ended.'),
    };
  }

  /** Verifies with the first key that matches the signature; its verdict on the claims is final. */
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
      clockTolerance: LEEWAY_SECONDS,
      currentDate: new Date(this.#now()),
      // Applies a shorter AUTH_TOKEN_TTL to earlier tokens too.
      ...(this.#isEmbedded && { maxTokenAge: tokenTtlSeconds }),
    };
  }
}
