import { Injectable } from '@nestjs/common';
import type { AuthenticatedUser } from './authenticated-user.js';
import { type BearerRequest, bearerTokenOf, unverifiedToken } from './bearer-token.js';
import { TokenVerifier } from './token-verifier.js';

/** Verifies the token of a request once, for the rate limit as well as the guard. */
@Injectable()
export class Authenticator {
  readonly #users = new WeakMap<BearerRequest, Promise<AuthenticatedUser | undefined>>();

  constructor(private readonly verifier: TokenVerifier) {}

  /**
   * Returns the user synchronously if the token was verified before and is still valid. Undefined
   * is not a verdict: call `userOf`, which also reports errors.
   *
   * @throws Problem `database_unavailable`, as `TokenVerifier.verify`.
   */
  cachedUserOf(request: BearerRequest): AuthenticatedUser | undefined {
    const token = unverifiedToken(request);
    return token === undefined ? undefined : this.verifier.cachedUser(token);
  }

  /** @returns undefined without a token, and otherwise the result of `TokenVerifier.verify`. */
  userOf(request: BearerRequest): Promise<AuthenticatedUser | undefined> {
    const cached = this.#users.get(request);
    if (cached !== undefined) return cached;
    const user = this.#verify(request);
    this.#users.set(request, user);
    return user;
  }

  async #verify(request: BearerRequest): Promise<AuthenticatedUser | undefined> {
    const token = bearerTokenOf(request);
    return token === undefined ? undefined : this.verifier.verify(token);
  }
}
