import type { FastifyRequest } from 'fastify';
import { Problem } from '../problems/index.js';
import { parseUrl } from '../config/index.js';

/** Returns the origin that a request says it comes from: by `Origin`, or else by `Referer`. */
function originOf({ headers }: FastifyRequest): string | undefined {
  const { origin, referer } = headers;
  if (origin !== undefined || referer === undefined) return origin;
  return parseUrl(referer)?.origin ?? 'null';
}

/**
 * Decides whether a request that changes something may use its cookie.
 *
 * Browsers send `Origin` or `Sec-Fetch-Site` with every POST. A request with neither, and without
 * `Referer`, comes from no browser: nobody else's page has made it, and nobody's cookie was added to it
 * behind their back. Its content is JSON or none, as the parsers take nothing else.
 *
 * @returns whether the origin is settled: trusted, or of no browser. Better Auth need not judge it again.
 * @throws Problem `untrusted_origin`
 */
export function assertOrigin(request: FastifyRequest, trusted: readonly string[]): boolean {
  const origin = originOf(request);
  const isSettled =
    origin === undefined
      ? request.headers['sec-fetch-site'] === undefined
      : trusted.includes(origin);
  if (isSettled || request.headers.cookie === undefined) return isSettled;
  throw new Problem(
    'untrusted_origin',
    'A request with a cookie must come from this origin or a trusted one, and say so.',
  );
}
