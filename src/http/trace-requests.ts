import type { FastifyInstance, FastifyRequest } from 'fastify';
import { type RequestDetails, type RequestTrace, tracer } from '../tracing/index.js';
import { loggablePath } from './loggable-path.js';
import { routeOf } from './route-pattern.js';

/** Routes of monitors, which call them every few seconds. */
const UNTRACED = /^\/(?:health\/|metrics$)/;

/** The property of a request that has its trace: a `WeakMap` costs the garbage collector a tenth of a small request. */
const TRACE = Symbol('trace');

type TracedRequest = FastifyRequest & { [TRACE]?: RequestTrace };

/** Returns the trace of a request, unless it is not traced. */
export const traceOf = (request: FastifyRequest): RequestTrace | undefined =>
  (request as TracedRequest)[TRACE];

/** Returns the span of a request, unless it is a monitor's: its route as the name, and its path as in the log. */
function describe(request: FastifyRequest): RequestDetails | undefined {
  const route = routeOf(request);
  if (route !== undefined && UNTRACED.test(route)) return undefined;
  const { method, protocol } = request;
  return {
    name: route === undefined ? method : `${method} ${route}`,
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
  fastify.addHook('onRequest', (request: TracedRequest, { raw }, done) => {
    const requestTrace = requests.startRequest(request, describe);
    if (requestTrace === undefined) {
      done();
      return;
    }
    request[TRACE] = requestTrace;
    raw.once('close', () => {
      requestTrace.end(raw.writableFinished ? raw.statusCode : undefined);
    });
    // Fastify reads bodies in the context of their request.
    requestTrace.enter(done);
  });
}
