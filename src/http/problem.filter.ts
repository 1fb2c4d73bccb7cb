import { type ArgumentsHost, Catch, type ExceptionFilter, HttpException } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import { commonHeaders } from './common-headers.js';
import { corsHeaders } from './cors-headers.js';
import { Problem, PROBLEM_JSON, type ProblemCode } from '../problems/index.js';
import type { RouteTable } from './route-table.js';
import { shownPath } from './shown-path.js';

/** What Fastify refuses before, or instead of, our own code. */
const FASTIFY_CODES: Readonly<Record<string, ProblemCode>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: 'payload_too_large',
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'unsupported_media_type',
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: 'malformed_request',
  FST_ERR_BAD_URL: 'malformed_url',
  FST_ERR_MAX_PARAM_LENGTH: 'invalid_id',
};

/** The caller went away, or broke the body off: nobody reads this, and nothing of ours failed. */
const CUT_OFF = new Problem('malformed_request', 'The request was not sent completely.');

/** Headers for the page that called, unless a hook has set them. */
const lackingCors = ({ headers, server }: FastifyRequest, reply: FastifyReply) =>
  reply.hasHeader('access-control-allow-origin')
    ? undefined
    : corsHeaders(headers.origin, server.trustedOrigins);

/** Sends a problem; the one place where errors become answers. */
export function sendProblem(request: FastifyRequest, reply: FastifyReply, problem: Problem): void {
  void reply
    .code(problem.status)
    .headers({ ...commonHeaders(request), ...lackingCors(request, reply), ...problem.headers })
    .type(PROBLEM_JSON)
    .send(JSON.stringify(problem.body(shownPath(request), request.id)));
}

/** The problem that an error amounts to; whatever is not known is ours, and its inside stays so. */
export function problemOf(error: unknown): Problem {
  if (error instanceof Problem) return error;
  const { code = '', message = '' } = (error ?? {}) as { code?: string; message?: string };
  const known = FASTIFY_CODES[code];
  if (known !== undefined) return new Problem(known, `${message}.`);
  return new Problem('internal_error', 'The request could not be completed.', { cause: error });
}

/** Whether nothing is there; 403 is how the files of the docs refuse a path that leads out of them. */
const isAbsence = (error: unknown): boolean =>
  error instanceof HttpException && [403, 404].includes(error.getStatus());

/** Shapes every error: guards, pipes, handlers and unknown routes alike. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  constructor(
    private readonly routes: RouteTable,
    private readonly logger: Logger,
  ) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    this.answer(error, http.getRequest<FastifyRequest>(), http.getResponse<FastifyReply>());
  }

  /** The same for what fails outside of Nest: bodies that Fastify refuses, plain routes. */
  answer(error: unknown, request: FastifyRequest, reply: FastifyReply): void {
    const unrouted = request.is404 || isAbsence(error);
    const problem = unrouted
      ? this.#unrouted(request)
      : problemOf(request.raw.errored ? CUT_OFF : error);
    if (problem.status >= 500) {
      this.logger.error({ requestId: request.id, err: problem.cause ?? error }, problem.code);
    }
    sendProblem(request, reply, problem);
  }

  /** Distinguishes an unknown address, or a file that is not there, from a method that is not known. */
  #unrouted(request: FastifyRequest): Problem {
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
