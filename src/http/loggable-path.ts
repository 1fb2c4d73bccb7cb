import type { FastifyRequest } from 'fastify';

const API = '/api/v1/';
const ACCOUNTS = '/api/auth';
/** No link of an e-mail leads below it. */
const WELL_KNOWN = '/.well-known/';

/**
 * Returns the path of a request as shown in logs and problems: without its query and, below
 * `/api/auth`, where a path may contain a one-time token, as the pattern of its route. A path
 * without a route is truncated there too, because it may be a misspelled link.
 */
export function loggablePath(request: FastifyRequest): string {
  const { url } = request;
  const end = url.indexOf('?');
  const path = end < 0 ? url : url.slice(0, end);
  // Fastify creates `routeOptions` on each access.
  if (path.startsWith(API) && !request.is404) return path;
  const pattern = request.routeOptions.url;
  if (pattern?.startsWith(ACCOUNTS) === true) return pattern;
  // A route without parameters has no token in its path.
  if (pattern === path) return path;
  return isLikeAccounts(path) && !path.startsWith(WELL_KNOWN) ? `${ACCOUNTS}/*` : path;
}

/** Returns whether a path, however it is spelled, may be meant for `/api/auth`. */
function isLikeAccounts(path: string): boolean {
  const plain = path.replaceAll(/%([\da-f]{2})/gi, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
  return /auth|reset-password/i.test(plain);
}
