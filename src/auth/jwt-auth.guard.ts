import { type ExecutionContext, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { AuthGuard } from '@nestjs/passport';
import { Problem } from '../common/problem.js';
import { Public } from './public.decorator.js';
import { TokenError } from './token-error.js';

const REALM = 'Bearer realm="taskward"';

/** The global guard: every handler needs a valid token, unless it is `@Public()`. */
@Injectable()
export class JwtAuthGuard extends AuthGuard('jwt') {
  constructor(private readonly reflector: Reflector) {
    super();
  }

  override async canActivate(context: ExecutionContext): Promise<boolean> {
    const open = this.reflector.getAllAndOverride(Public, [
      context.getHandler(),
      context.getClass(),
    ]);
    return open || (await super.canActivate(context)) === true;
  }

  /** The challenges of RFC 6750, section 3: a request without a token is told no error code. */
  override handleRequest<User>(error: Error | null, user: User | false, refusal: unknown): User {
    if (error) throw error;
    if (user) return user;
    if (refusal instanceof TokenError) {
      throw new Problem(refusal.code, refusal.message, {
        headers: {
          'www-authenticate': `${REALM}, error="invalid_token", error_description="${refusal.message.replaceAll('"', "'")}"`,
        },
      });
    }
    throw new Problem('missing_token', 'Send "Authorization: Bearer <token>".', {
      headers: { 'www-authenticate': REALM },
    });
  }
}
