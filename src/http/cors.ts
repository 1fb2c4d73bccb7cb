import cors from '@fastify/cors';
import { NotFoundException } from '@nestjs/common';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { EXPOSED_HEADERS } from './cors-headers.js';
import type { ProblemFilter } from './problem.filter.js';

/** Seconds that a browser remembers a preflight; Chromium takes no more. */
const MAX_AGE = 7_200;

/** A preflight as browsers send it: https://fetch.spec.whatwg.org/#cors-preflight-request */
const isPreflight = ({ method, headers }: FastifyRequest): boolean =>
  method === 'OPTIONS' &&
  headers.origin !== undefined &&
  headers['access-control-request-method'] !== undefined;

/**
 * Lets pages of trusted origins call; an OPTIONS that is no preflight is a request as any other. Not by
 * Nest's `enableCors`, which answers before every hook: without a request id, and without a line of log.
 */
export function setUpCors(fastify: FastifyInstance, problems: ProblemFilter): void {
  if (fastify.trustedOrigins.length === 0) return;
  fastify.addHook('onRequest', (request, reply, done) => {
    if (request.method !== 'OPTIONS' || isPreflight(request)) done();
    // The plugin's own route stands for every address.
    else problems.answer(new NotFoundException(), request, reply);
  });
  void fastify.register(cors, {
    origin: [...fastify.trustedOrigins],
    methods: ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'],
    credentials: true,
    exposedHeaders: EXPOSED_HEADERS,
    maxAge: MAX_AGE,
  });
}
