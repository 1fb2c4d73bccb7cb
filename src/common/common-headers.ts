import type { FastifyRequest } from 'fastify';
import { REQUEST_ID_HEADER } from './request-id.js';

const API = '/api/v1';

/** Whether a request is for the API itself. */
export function isForApi(request: FastifyRequest): boolean {
  if (request.url.startsWith(API)) return true;
  // The route's own spelling: `/%61pi/v1` leads to `/api/v1`, too. Fastify makes these options anew
  // whenever they are asked for.
  return request.routeOptions.url?.startsWith(API) ?? false;
}

/** What every answer carries. */
export function commonHeaders(request: FastifyRequest): Record<string, string> {
  return {
    [REQUEST_ID_HEADER]: request.id,
    'x-content-type-options': 'nosniff',
    ...(isForApi(request) && { 'cache-control': 'private, no-store' }),
  };
}
