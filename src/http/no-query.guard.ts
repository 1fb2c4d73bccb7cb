import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { Problem } from '../problems/index.js';

/**
 * Refuses parameters where there are none.
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

/** For handlers without parameters: one that is sent is refused, as it would change nothing. */
@Injectable()
export class NoQueryGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    assertNoQuery(context.switchToHttp().getRequest<FastifyRequest>());
    return true;
  }
}
