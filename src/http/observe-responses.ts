import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import { observeResponse } from '../metrics/index.js';
import { clientAddress } from './client-address.js';
import { loggablePath } from './loggable-path.js';
import { routeOf } from './route-pattern.js';
import { traceIdOf } from './trace-id.js';
import { traceOf } from './trace-requests.js';

type UserRequest = FastifyRequest & { readonly user?: { readonly id: string } };

/** Logs and measures every response. */
export function observeResponses(fastify: FastifyInstance, logger: Logger): void {
  fastify.addHook('onResponse', (request: UserRequest, reply, done) => {
    const path = loggablePath(request);
    const route = routeOf(request);
    const { id: requestId, method, user } = request;
    const { statusCode: status, elapsedTime } = reply;
    observeResponse({ method, route: route ?? 'none', status, seconds: elapsedTime / 1_000 });
    const ms = Math.round(elapsedTime * 10) / 10;
    const sender = user ? { userId: user.id } : { address: clientAddress(request) };
    const traceId = traceOf(request)?.id ?? traceIdOf(request);
    logger.info({ requestId, traceId, method, route, path, status, ms, ...sender }, 'request');
    done();
  });
}
