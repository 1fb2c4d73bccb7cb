import { type ArgumentsHost, Catch, type ExceptionFilter, HttpException } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import { commonHeaders } from './common-headers.js';
import { corsHeaders } from './cors-headers.js';
import { Problem, PROBLEM_JSON, type ProblemCode } from '../problems/index.js';
import type { RouteTable } from './route-table.js';
import { loggablePath } from './loggable-path.js';

/** Codes of what Fastify rejects before, or instead of, our own code. */
const FASTIFY_CODES: Readonly<Record<string, ProblemCode>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: 'payload_too_large',
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'unsupported_media_type',
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: 'malformed_request',
  FST_ERR_BAD_URL: 'malformed_url',
  FST_ERR_MAX_PARAM_LENGTH: 'invalid_id',
};

/** The client disconnected or aborted the body: there is no reader, and no failure of the server. */
const INCOMPLETE_REQUEST = new Problem('malformed_request', 'The request was not sent completely.');

/** Returns the CORS headers, unless a hook has set them. */
const missingCorsHeaders = ({ headers, server }: FastifyRequest, reply: FastifyReply) =>
  /\borigin\b/i.test(String(reply.getHeader('vary') ?? ''))
    ? undefined
    : corsHeaders(headers.origin, server.trustedOrigins);

/** Sends a problem; the one place where errors become responses. */
export function sendProblem(request: FastifyRequest, reply: FastifyReply, problem: Problem): void {
  void reply
    .code(problem.status)
    .headers({
      ...commonHeaders(request),
      ...missingCorsHeaders(request, reply),
      ...problem.headers,
    })
    .type(PROBLEM_JSON)
    .send(JSON.stringify(problem.body(loggablePath(request), request.id)));
}

/** Converts an error to a problem. Unknown errors are ours, and their details stay hidden. */
export function problemOf(error: unknown): Problem {
  if (error instanceof Problem) return error;
  const { code = '', message = '' } = (error ?? {}) as { code?: string; message?: string };
  const known = FASTIFY_CODES[code];
  if (known !== undefined) return new Problem(known, `${message}.`);
  return new Problem('internal_error', 'The request could not be completed.', { cause: error });
}

/**
 * Returns whether nothing was found; 403 is how static files reject a path outside their folder.
 */
const isNotFound = (error: unknown): boolean =>
  error instanceof HttpException && [403, 404].includes(error.getStatus());

/** Formats every error: of guards, pipes, handlers and unknown routes alike. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  constructor(
    private readonly routes: RouteTable,
    private readonly logger: Logger,
  ) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    this.respond(error, http.getRequest<FastifyRequest>(), http.getResponse<FastifyReply>());
  }

  /** Does the same for errors outside of Nest: bodies that Fastify rejects, plain routes. */
  respond(error: unknown, request: FastifyRequest, reply: FastifyReply): void {
    const unrouted = request.is404 || isNotFound(error);
    const problem = unrouted
      ? this.#noRoute(request)
      : problemOf(request.raw.errored ? INCOMPLETE_REQUEST : error);
    if (problem.status >= 500) {
      this.logger.error({ requestId: request.id, err: problem.cause ?? error }, problem.code);
    }
    sendProblem(request, reply, problem);
  }

  /** Distinguishes an unknown path, or a missing file, from an unsupported method. */
  #noRoute(request: FastifyRequest): Problem {
    const allowed = this.routes.methodsOf(request.url);
    if (allowed.length === 0 || allowed.includes(request.method)) {
      return new Problem('route_not_found', 'There is nothing at this path.');
    }
    const allow = allowed.join(', ');
    return new Problem(
      'method_not_allowed',
      `${request.method} is not allowed here, but ${allow}.`,
      {
        headers: { allow },
      },
    );
  }
}
