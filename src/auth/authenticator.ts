import type { IncomingHttpHeaders } from 'node:http';
import { Injectable } from '@nestjs/common';
import { ExtractJwt } from 'passport-jwt';
import type { AuthenticatedUser } from './authenticated-user.js';
import { TokenVerifier } from './token-verifier.js';

interface BearerRequest {
  readonly headers: IncomingHttpHeaders;
}

const tokenOf = ExtractJwt.fromAuthHeaderAsBearerToken();

/** Verifies the token of a request once, whoever asks: the rate limit does, and then the guard. */
@Injectable()
export class Authenticator {
  readonly #users = new WeakMap<BearerRequest, Promise<AuthenticatedUser>>();

  constructor(private readonly verifier: TokenVerifier) {}

  /** @returns undefined without a token; otherwise what `TokenVerifier.verify` makes of it. */
  userOf(request: BearerRequest): Promise<AuthenticatedUser> | undefined {
    const known = this.#users.get(request);
    if (known !== undefined) return known;
    const token = tokenOf(request);
    if (!token) return undefined;
    const user = this.verifier.verify(token);
    this.#users.set(request, user);
    return user;
  }
}
