import type { IncomingHttpHeaders } from 'node:http';
import { Injectable } from '@nestjs/common';
import { PassportStrategy } from '@nestjs/passport';
import { ExtractJwt, Strategy } from 'passport-jwt';
import type { AuthenticatedUser } from './authenticated-user.js';
import { Authenticator } from './authenticator.js';
import { TokenError } from './token-error.js';

type Done = (error: Error | null, user: AuthenticatedUser) => void;
type OnVerified = (user: AuthenticatedUser, done: Done) => unknown;

/**
 * passport-jwt with jose as its verifier: its own, jsonwebtoken, knows no EdDSA, which is what
 * Better Auth signs with. A token at fault fails (401); anything else, such as a key set out of
 * reach, is an error (503).
 *
 * Passport works on an `Object.create` of the strategy, so its fields cannot be `#private`.
 */
class JoseStrategy extends Strategy {
  constructor(
    private readonly authenticator: Authenticator,
    private readonly onVerified: OnVerified,
  ) {
    const secretOrKeyProvider = () => {
      throw new Error('Tokens are verified by jose.');
    };
    const jwtFromRequest = ExtractJwt.fromAuthHeaderAsBearerToken();
    super({ jwtFromRequest, secretOrKeyProvider }, onVerified);
  }

  override authenticate(request: { headers: IncomingHttpHeaders }): void {
    const verified = this.authenticator.userOf(request);
    if (verified === undefined) {
      this.fail(401);
      return;
    }
    verified.then(
      (user) =>
        this.onVerified(user, (error, validated) => {
          if (error) this.error(error);
          else this.success(validated);
        }),
      (error: unknown) => {
        if (error instanceof TokenError) this.fail(error, 401);
        else this.error(error as Error);
      },
    );
  }
}

/** The strategy `jwt`: a bearer token in the `Authorization` header becomes the current user. */
@Injectable()
export class JwtStrategy extends PassportStrategy(JoseStrategy, 'jwt') {
  // Without a constructor of its own a class has no parameters that Nest could inject.
  constructor(authenticator: Authenticator) {
    super(authenticator);
  }

  validate(user: AuthenticatedUser): AuthenticatedUser {
    return user;
  }
}
