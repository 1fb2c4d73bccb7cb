import type { FastifyRequest } from 'fastify';
import { REQUEST_ID_HEADER } from './request-id.js';

/** Whether a request is for the API itself. */
export function isForApi(request: FastifyRequest): boolean {
  // The route's own spelling, if there is a route: `/%61pi/v1` leads to `/api/v1`, too.
  return (request.routeOptions.url ?? request.url).startsWith('/api/v1');
}

/** What every answer carries. */
export function commonHeaders(request: FastifyRequest): Record<string, string> {
  return {
    [REQUEST_ID_HEADER]: request.id,
    'x-content-type-options': 'nosniff',
    ...(isForApi(request) && { 'cache-control': 'private, no-store' }),
  };
}
