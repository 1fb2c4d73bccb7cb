import type { FastifyRequest } from 'fastify';
import { Problem } from '../problems/index.js';
import { parseUrl } from '../config/index.js';

/** Returns the origin that a request claims: its `Origin`, or else that of its `Referer`. */
function originOf({ headers }: FastifyRequest): string | undefined {
  const { origin, referer } = headers;
  if (origin !== undefined || referer === undefined) return origin;
  return parseUrl(referer)?.origin ?? 'null';
}

/**
 * Decides whether a state-changing request may use its cookie.
 *
 * Browsers send `Origin` or `Sec-Fetch-Site` with every POST. A request with neither, and without
 * `Referer`, does not come from a browser, so no other site can have made it with a user's cookie.
 * Its content is JSON or empty, as the parsers accept nothing else.
 *
 * @returns whether the origin is trusted or irrelevant, so that Better Auth need not check it
 *   again.
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
    'A request with a cookie must come from this origin or a trusted one: send Origin or Referer.',
  );
}
