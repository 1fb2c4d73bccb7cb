import { Logger } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { type AuthenticatedUser, recordRefusal } from '../auth/index.js';
import { problemOf } from '../http/index.js';

const logger = new Logger('Mcp');

/** The user of a message, and the HTTP request that it came with. */
export interface Caller {
  readonly user: AuthenticatedUser;
  readonly request: FastifyRequest;
}

/**
 * Returns the body of the problem that an error is. Its response has status 200, so that it is counted
 * and logged here, as the guard and the filter do for others.
 */
export function problemBodyOf({ user, request }: Caller, error: unknown) {
  const problem = problemOf(error);
  recordRefusal(request, problem, user);
  if (problem.status >= 500) {
    const err = problem.cause ?? error;
    logger.error({ event: problem.code, requestId: request.id, err });
  }
  return problem.body(request.url, request.id);
}
