import type { FastifyRequest } from 'fastify';

const API = '/api/v1/';
const ACCOUNTS = '/api/auth';

/**
 * Returns the path of a request as logs and problems show it: without its query and, below `/api/auth`,
 * where a path may hold a one-time token, the pattern of its route. A path that no route has is cut
 * there too: it may be a link that was spelled wrongly.
 */
export function shownPath(request: FastifyRequest): string {
  const [path = ''] = request.url.split('?', 1);
  // Fastify makes `routeOptions` anew whenever they are asked for.
  if (path.startsWith(API) && !request.is404) return path;
  const pattern = request.routeOptions.url;
  if (pattern?.startsWith(ACCOUNTS) === true) return pattern;
  return isLikeAccounts(path) ? `${ACCOUNTS}/*` : path;
}

/** Whether a path, however it is spelled and whatever else is wrong with it, may be for `/api/auth`. */
function isLikeAccounts(path: string): boolean {
  const plain = path.replaceAll(/%([\da-f]{2})/gi, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
  return /auth|reset-password/i.test(plain);
}
