import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { Problem } from './problem.js';

/** For handlers without parameters: one that is sent is refused, as it would change nothing. */
@Injectable()
export class NoQueryGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    const { query } = context.switchToHttp().getRequest<FastifyRequest>();
    const names = Object.keys(query as object);
    if (names.length === 0) return true;
    throw new Problem('invalid_parameter', 'There are no query parameters here.', {
      errors: names.map((parameter) => ({
        parameter,
        code: 'unknown',
        detail: `${parameter} is not known here`,
      })),
    });
  }
}
