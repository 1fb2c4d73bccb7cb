import type { FastifyRequest } from 'fastify';
import { REQUEST_ID_HEADER } from './request-id.js';

/** What every answer carries. */
export function commonHeaders(request: FastifyRequest): Record<string, string> {
  // The route's own spelling, if there is a route: `/%61pi/v1` leads to `/api/v1`, too.
  const path = request.routeOptions.url ?? request.url;
  return {
    [REQUEST_ID_HEADER]: request.id,
    'x-content-type-options': 'nosniff',
    ...(path.startsWith('/api/v1') && { 'cache-control': 'private, no-store' }),
  };
}
