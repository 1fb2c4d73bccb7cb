import type { OpenAPIObject } from '@nestjs/swagger';
import type { FastifyInstance } from 'fastify';
import { ConstantResponse } from '../http/index.js';

/**
 * Serves the OpenAPI document at `/openapi.json`. It is created on the first request, when all
 * routes are known.
 */
export function serveDocument(fastify: FastifyInstance, create: () => OpenAPIObject): void {
  let cached: ConstantResponse | undefined;
  const document = () =>
    new ConstantResponse(JSON.stringify(create()), 'application/json; charset=utf-8');
  fastify.get('/openapi.json', (request, reply) => {
    cached ??= document();
    return cached.send(request, reply);
  });
}
