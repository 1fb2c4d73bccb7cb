import type { FastifyInstance } from 'fastify';

/** Addresses that are Nest's alone. */
const NEST = ['/api/v1/', '/health/'];

/**
 * Runs the handlers of Nest without waiting until their responses are sent. A reply of Fastify is a
 * thenable, and Nest returns it from async functions: JavaScript would listen for each way in which a
 * stream can end, at a sixth of the cost of a small request. Nobody waits for the result, as Nest sends
 * what a handler returns or throws by itself.
 */
export function detachHandlers(fastify: FastifyInstance): void {
  fastify.addHook('onRoute', (route) => {
    if (!NEST.some((prefix) => route.url.startsWith(prefix))) return;
    const { handler } = route;
    route.handler = function (request, reply) {
      const result: unknown = handler.call(this, request, reply);
      // Nest's adapter passes a request without an id on to the handler of unknown addresses.
      if (!(result instanceof Promise)) return;
      const sent: { then?: unknown } = reply;
      sent.then = undefined;
      result.catch((error: unknown) => {
        void reply.send(error);
      });
    };
  });
}
