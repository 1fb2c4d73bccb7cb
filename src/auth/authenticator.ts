import { Injectable } from '@nestjs/common';
import type { AuthenticatedUser } from './authenticated-user.js';
import { type BearerRequest, bearerTokenOf, likelyTokenOf } from './bearer-token.js';
import { TokenVerifier } from './token-verifier.js';

/** Verifies the token of a request once, whoever asks: the rate limit does, and then the guard. */
@Injectable()
export class Authenticator {
  readonly #users = new WeakMap<BearerRequest, Promise<AuthenticatedUser | undefined>>();

  constructor(private readonly verifier: TokenVerifier) {}

  /**
   * The user at once, without a promise, where the token has been verified before and still stands.
   * Undefined says nothing: ask `userOf`, which also knows what is wrong.
   *
   * @throws Problem `database_unavailable`, as `TokenVerifier.verify`.
   */
  knownUserOf(request: BearerRequest): AuthenticatedUser | undefined {
    const token = likelyTokenOf(request);
    return token === undefined ? undefined : this.verifier.known(token);
  }

  /** @returns undefined without a token; otherwise what `TokenVerifier.verify` makes of it. */
  userOf(request: BearerRequest): Promise<AuthenticatedUser | undefined> {
    const known = this.#users.get(request);
    if (known !== undefined) return known;
    const user = this.#verify(request);
    this.#users.set(request, user);
    return user;
  }

  async #verify(request: BearerRequest): Promise<AuthenticatedUser | undefined> {
    const token = bearerTokenOf(request);
    return token === undefined ? undefined : this.verifier.verify(token);
  }
}
