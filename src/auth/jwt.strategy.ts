import { Injectable } from '@nestjs/common';
import { PassportStrategy } from '@nestjs/passport';
import { Strategy } from 'passport-jwt';
import type { AuthenticatedUser } from './authenticated-user.js';
import { Authenticator } from './authenticator.js';
import { type BearerRequest, bearerTokenOf } from './bearer-token.js';
import { TokenError } from './token-error.js';

type Done = (error: Error | null, user: AuthenticatedUser) => void;
type OnVerified = (user: AuthenticatedUser, done: Done) => unknown;

/**
 * passport-jwt with jose as its verifier: jsonwebtoken does not support EdDSA, which Better Auth
 * signs with. An invalid token fails (401); anything else, such as an unavailable key set, is an
 * error (503).
 *
 * Passport uses an `Object.create` of the strategy, so its fields cannot be `#private`.
 */
class JoseStrategy extends Strategy {
  constructor(
    private readonly authenticator: Authenticator,
    private readonly onVerified: OnVerified,
  ) {
    const secretOrKeyProvider = () => {
      throw new Error('Tokens are verified by jose.');
    };
    const jwtFromRequest = (request: unknown) => bearerTokenOf(request as BearerRequest) ?? null;
    super({ jwtFromRequest, secretOrKeyProvider }, onVerified);
  }

  override authenticate(request: unknown): void {
    this.authenticator.userOf(request as BearerRequest).then(
      (user) => {
        if (user === undefined) this.fail(401);
        else this.accept(user);
      },
      (error: unknown) => {
        if (error instanceof TokenError) this.fail(error, 401);
        else this.error(error as Error);
      },
    );
  }

  private accept(user: AuthenticatedUser): void {
    this.onVerified(user, (error, validated) => {
      if (error) this.error(error);
      else this.success(validated);
    });
  }
}

/**
 * The strategy `jwt`: the bearer token in the `Authorization` header identifies the current user.
 */
@Injectable()
export class JwtStrategy extends PassportStrategy(JoseStrategy, 'jwt') {
  // Nest injects only into classes with a constructor of their own.
  constructor(authenticator: Authenticator) {
    super(authenticator);
  }

  validate(user: AuthenticatedUser): AuthenticatedUser {
    return user;
  }
}
