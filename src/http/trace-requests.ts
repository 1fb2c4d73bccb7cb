import type { FastifyInstance, FastifyRequest } from 'fastify';
import { tracer } from '../tracing/index.js';
import { loggablePath } from './loggable-path.js';
import { routeOf } from './route-pattern.js';

/** Routes of monitors, which call them every few seconds. */
const UNTRACED = /^\/(?:health\/|metrics$)/;

/** Returns the span of a request: its route as the name, and its path as in the log. */
function describe(request: FastifyRequest, route: string | undefined) {
  const { method, headers, protocol } = request;
  return {
    name: route === undefined ? method : `${method} ${route}`,
    headers,
    attributes: () => ({
      'http.request.method': method,
      'url.scheme': protocol,
      'url.path': loggablePath(request),
      ...(route !== undefined && { 'http.route': route }),
    }),
  };
}

/** Traces every request but those of monitors. Without tracing there are no hooks. */
export function traceRequests(fastify: FastifyInstance): void {
  if (tracer === undefined) return;
  const requests = tracer;
  fastify.addHook('onRequest', (request, { raw }, done) => {
    const route = routeOf(request);
    if (route !== undefined && UNTRACED.test(route)) {
      done();
      return;
    }
    const isSampled = requests.startRequest(request, describe(request, route));
    // Nothing is passed on of a request that has no spans and names no trace.
    if (!isSampled && request.headers['traceparent'] === undefined) {
      done();
      return;
    }
    raw.once('close', () => {
      const status = raw.writableFinished ? raw.statusCode : undefined;
      requests.endRequest(request, { status });
    });
    // Fastify reads bodies in the context of their request.
    requests.enterRequest(request, done);
  });
}
