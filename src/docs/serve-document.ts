import { createHash } from 'node:crypto';
import type { OpenAPIObject } from '@nestjs/swagger';
import type { FastifyInstance } from 'fastify';

/**
 * Serves the OpenAPI document at `/openapi.json`. It is created on the first request, when all
 * routes are known.
 */
export function serveDocument(fastify: FastifyInstance, create: () => OpenAPIObject): void {
  let cached: { readonly body: string; readonly etag: string } | undefined;
  const make = () => {
    const body = JSON.stringify(create());
    return { body, etag: `"${createHash('sha256').update(body).digest('base64url')}"` };
  };
  fastify.get('/openapi.json', (request, reply) => {
    const { body, etag } = (cached ??= make());
    void reply.headers({ etag, 'cache-control': 'no-cache' });
    // The tag may be one of a list, or weakened by a proxy; `*` names any (RFC 9110, section 13.1.2).
    const known = request.headers['if-none-match'];
    if (known?.trim() === '*' || known?.includes(etag)) return reply.code(304).send();
    return reply.type('application/json; charset=utf-8').send(body);
  });
}
