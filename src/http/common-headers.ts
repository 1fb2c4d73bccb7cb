import type { FastifyRequest } from 'fastify';
import { isForApi } from './api-paths.js';
import './origins.js';
import { REQUEST_ID_HEADER } from './request-id.js';

/**
 * Security headers of every response: it is not a page unless declared, cannot be embedded, and is
 * readable across origins only with CORS. https://owasp.org/www-project-secure-headers
 */
const SECURITY_HEADERS: Readonly<Record<string, string>> = {
  'content-security-policy': "default-src 'none'; base-uri 'none'; frame-ancestors 'none'",
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'same-origin',
  'x-content-type-options': 'nosniff',
};
const SECURITY_HEADERS_HTTPS: Readonly<Record<string, string>> = {
  ...SECURITY_HEADERS,
  'strict-transport-security': 'max-age=31536000; includeSubDomains',
};

/** Returns the security headers for users of `origin`. */
export const securityHeaders = (origin: string): Readonly<Record<string, string>> =>
  origin.startsWith('https:') ? SECURITY_HEADERS_HTTPS : SECURITY_HEADERS;

/** Returns the headers of every response. */
export function commonHeaders(request: FastifyRequest): Record<string, string> {
  return {
    [REQUEST_ID_HEADER]: request.id,
    ...securityHeaders(request.server.publicOrigin),
    ...(isForApi(request) && { 'cache-control': 'private, no-store' }),
  };
}
