import { createHash } from 'node:crypto';
import type { OpenAPIObject } from '@nestjs/swagger';
import type { FastifyInstance } from 'fastify';

/** Serves the description at `/openapi.json`, made when it is first asked for: all routes are there by then. */
export function serveDocument(fastify: FastifyInstance, create: () => OpenAPIObject): void {
  let made: { readonly body: string; readonly etag: string } | undefined;
  const make = () => {
    const body = JSON.stringify(create());
    return { body, etag: `"${createHash('sha256').update(body).digest('base64url')}"` };
  };
  fastify.get('/openapi.json', (request, reply) => {
    const { body, etag } = (made ??= make());
    void reply.headers({ etag, 'cache-control': 'no-cache' });
    // It may be one of a list, or weakened by a proxy.
    if (request.headers['if-none-match']?.includes(etag) === true) return reply.code(304).send();
    return reply.type('application/json; charset=utf-8').send(body);
  });
}
