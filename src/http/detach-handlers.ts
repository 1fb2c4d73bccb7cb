import type { FastifyInstance } from 'fastify';

/** Paths handled by Nest alone. */
const NEST_PREFIXES = ['/api/v1/', '/health/'];

/**
 * Runs Nest's handlers without waiting until their responses are sent. Fastify's reply is a
 * thenable, and Nest returns it from async functions: awaiting it would register listeners for each
 * way in which a stream can end, at a sixth of the cost of a small request. The result is not
 * needed, because Nest itself sends what a handler returns or throws.
 */
export function detachHandlers(fastify: FastifyInstance): void {
  fastify.addHook('onRoute', (route) => {
    if (!NEST_PREFIXES.some((prefix) => route.url.startsWith(prefix))) return;
    const { handler } = route;
    route.handler = function (request, reply) {
      const result: unknown = handler.call(this, request, reply);
      // Nest's adapter forwards a request without an id to the handler of unknown paths.
      if (!(result instanceof Promise)) return;
      const sent: { then?: unknown } = reply;
      sent.then = undefined;
      result.catch((error: unknown) => {
        void reply.send(error);
      });
    };
  });
}
