import cors from '@fastify/cors';
import { NotFoundException } from '@nestjs/common';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { EXPOSED_HEADERS } from './cors-headers.js';
import type { ProblemFilter } from './problem.filter.js';

/** Lifetime of a cached preflight; Chromium's maximum. */
const MAX_AGE_SECONDS = 7_200;

/**
 * Returns whether a request is a preflight: https://fetch.spec.whatwg.org/#cors-preflight-request
 */
const isPreflight = ({ method, headers }: FastifyRequest): boolean =>
  method === 'OPTIONS' &&
  headers.origin !== undefined &&
  headers['access-control-request-method'] !== undefined;

/**
 * Allows pages of trusted origins to call; an OPTIONS that is not a preflight is an ordinary
 * request. Nest's `enableCors` would respond before every hook, without a request id and a log
 * line.
 */
export function setUpCors(fastify: FastifyInstance, problems: ProblemFilter): void {
  if (fastify.trustedOrigins.length === 0) return;
  fastify.addHook('onRequest', (request, reply, done) => {
    if (request.method !== 'OPTIONS' || isPreflight(request)) done();
    // The plugin's own route matches every path.
    else problems.respond(new NotFoundException(), request, reply);
  });
  void fastify.register(cors, {
    origin: [...fastify.trustedOrigins],
    methods: ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'],
    credentials: true,
    exposedHeaders: EXPOSED_HEADERS,
    maxAge: MAX_AGE_SECONDS,
  });
}
