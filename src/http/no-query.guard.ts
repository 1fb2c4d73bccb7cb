import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { ROUTE_ARGS_METADATA } from '@nestjs/common/constants.js';
import { RouteParamtypes } from '@nestjs/common/enums/route-paramtypes.enum.js';
import type { FastifyRequest } from 'fastify';
import { Problem } from '../problems/index.js';
import { isForApi } from './api-paths.js';
import { perHandler } from './per-handler.js';

/**
 * Rejects query parameters where there are none.
 *
 * @throws Problem `invalid_parameter`
 */
export function assertNoQuery({ query }: Pick<FastifyRequest, 'query'>): void {
  const names = Object.keys(query as object);
  if (names.length === 0) return;
  throw new Problem('invalid_parameter', 'This route takes no query parameters.', {
    errors: names.map((parameter) => ({
      parameter,
      code: 'unknown',
      detail: `${parameter} is not recognized`,
    })),
  });
}

const QUERY = `${String(RouteParamtypes.QUERY)}:`;

/** Returns whether a handler has a parameter decorated with `@Query()`. */
function declaresQuery(context: ExecutionContext): boolean {
  const handler = context.getHandler();
  const parameters = Reflect.getMetadata(ROUTE_ARGS_METADATA, context.getClass(), handler.name) as
    object | undefined;
  return Object.keys(parameters ?? {}).some((name) => name.startsWith(QUERY));
}

/**
 * Rejects query parameters of API routes without `@Query()`, where they would have no effect. New
 * routes are covered without a decorator that could be forgotten.
 */
@Injectable()
export class NoQueryGuard implements CanActivate {
  readonly #declaresQuery = perHandler(declaresQuery);

  canActivate(context: ExecutionContext): boolean {
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    if (isForApi(request) && !this.#declaresQuery(context)) assertNoQuery(request);
    return true;
  }
}
