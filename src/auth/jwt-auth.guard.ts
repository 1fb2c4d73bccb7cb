import { type ExecutionContext, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { AuthGuard } from '@nestjs/passport';
import type { FastifyRequest } from 'fastify';
import { perHandler } from '../http/index.js';
import { tokenCache } from '../metrics/index.js';
import { Problem } from '../problems/index.js';
import { tracer } from '../tracing/index.js';
import type { AuthenticatedUser } from './authenticated-user.js';
import { Authenticator } from './authenticator.js';
import { assertScope, WRITE_SCOPE } from './scopes.js';
import { challenge, withMetadata } from './challenge.js';
import { ChecksScopes } from './checks-scopes.decorator.js';
import { Public } from './public.decorator.js';
import { recordRefusal } from './refusal-log.js';
import { RefusesPersonalTokens } from './refuses-personal-tokens.decorator.js';
import { TokenError } from './token-error.js';

type UserRequest = FastifyRequest & { user?: AuthenticatedUser };

const READING = ['GET', 'HEAD'];

function problemOf(refusal: unknown): Problem {
  if (refusal instanceof TokenError) {
    const { code, message } = refusal;
    return new Problem(code, message, { headers: challenge('invalid_token', message) });
  }
  return new Problem('missing_token', 'Send "Authorization: Bearer <token>".', {
    headers: challenge(),
  });
}

/** @throws Problem `insufficient_scope` */
function assertNotPersonal({ personalTokenId }: Pick<AuthenticatedUser, 'personalTokenId'>): void {
  if (personalTokenId === undefined) return;
  const detail = 'A personal token does not open this: use a token of the issuer.';
  throw new Problem('insufficient_scope', detail, { headers: challenge('insufficient_scope') });
}

/** Global guard: every handler requires a valid token unless it is `@Public()`. */
@Injectable()
export class JwtAuthGuard extends AuthGuard('jwt') {
  readonly #isPublic = perHandler((context) =>
    this.reflector.getAllAndOverride(Public, [context.getHandler(), context.getClass()]),
  );

  readonly #refusesPersonalTokens = perHandler((context) =>
    this.reflector.getAllAndOverride(RefusesPersonalTokens, [
      context.getHandler(),
      context.getClass(),
    ]),
  );

  readonly #checksScopes = perHandler((context) =>
    this.reflector.getAllAndOverride(ChecksScopes, [context.getHandler(), context.getClass()]),
  );

  constructor(
    private readonly reflector: Reflector,
    private readonly authenticator: Authenticator,
  ) {
    super();
  }

  override canActivate(context: ExecutionContext) {
    if (this.#isPublic(context)) return true;
    if (tracer?.isSampled() !== true) return this.#authenticate(context);
    return tracer.span('JwtAuthGuard', async () => this.#authenticate(context));
  }

  /** Passport is used for unknown tokens only: it costs more than the rest of a request. */
  #authenticate(context: ExecutionContext): boolean | Promise<boolean> {
    const request = context.switchToHttp().getRequest<UserRequest>();
    const user = this.authenticator.cachedUserOf(request);
    // Never an Observable: it is an async method.
    if (user === undefined) return super.canActivate(context) as Promise<boolean>;
    tokenCache.hits += 1;
    request.user = this.handleRequest(null, user, undefined, context);
    return true;
  }

  override handleRequest<User>(
    error: Error | null,
    user: User | false,
    refusal: unknown,
    context: ExecutionContext,
  ): User {
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    try {
      if (error) throw error;
      if (!user) throw problemOf(refusal);
      if (this.#refusesPersonalTokens(context)) assertNotPersonal(user);
      // By the method: a decorator could be forgotten.
      const isReading = READING.includes(request.method) || this.#checksScopes(context);
      if (!isReading) assertScope(user, WRITE_SCOPE);
      return user;
    } catch (cause) {
      const isNamed = cause instanceof Problem && this.#checksScopes(context);
      const problem = isNamed ? withMetadata(cause, request.server.publicOrigin) : cause;
      recordRefusal(request, problem, user || undefined);
      throw problem;
    }
  }
}
