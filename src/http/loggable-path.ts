import type { FastifyRequest } from 'fastify';

const API = '/api/v1/';
const ACCOUNTS = '/api/auth';
/** No link of an e-mail leads below it. */
const WELL_KNOWN = '/.well-known/';
const FEEDS = '/feeds/';
/** Begins the secret of a calendar feed. */
const FEED_SECRET = 'tw_feed_';

/**
 * Returns the path of a request as shown in logs and problems: without its query and, below
 * `/api/auth`, where a path may contain a one-time token, as the pattern of its route. A path
 * without a route is truncated there too, because it may be a misspelled link, and so is one that may
 * contain the secret of a calendar feed.
 */
export function loggablePath(request: FastifyRequest): string {
  const { url } = request;
  const end = url.indexOf('?');
  const path = end < 0 ? url : url.slice(0, end);
  // Fastify creates `routeOptions` on each access.
  if (path.startsWith(API) && !request.is404 && !path.includes(FEED_SECRET)) return path;
  const pattern = request.routeOptions.url;
  if (pattern?.startsWith(ACCOUNTS) === true) return pattern;
  // A route without parameters has no token in its path.
  if (pattern === path) return path;
  const plain = unescaped(path);
  if (isLikeFeeds(plain)) return `${FEEDS}*`;
  return isLikeAccounts(plain) && !path.startsWith(WELL_KNOWN) ? `${ACCOUNTS}/*` : path;
}

const unescaped = (path: string) =>
  path.replaceAll(/%([\da-f]{2})/gi, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );

/** Returns whether a path, however it is spelled, may be meant for `/api/auth`. */
const isLikeAccounts = (plain: string) => /auth|reset-password/i.test(plain);

/** Returns whether a path, however it is spelled, may be meant for a calendar feed. */
const isLikeFeeds = (plain: string) =>
  plain.toLowerCase().includes(FEED_SECRET) || (/feed/i.test(plain) && !plain.startsWith(API));
