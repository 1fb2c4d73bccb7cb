/** Headers of a response that scripts of the trusted origins may read. */
export const EXPOSED_HEADERS = [
  'ETag',
  'Idempotency-Replayed',
  'Link',
  'Location',
  'Retry-After',
  'WWW-Authenticate',
  'X-Request-Id',
].join(', ');

/**
 * Returns the headers of a response to a page of `origin`, for responses that are sent before there are
 * hooks, or by hand.
 */
export function corsHeaders(
  origin: string | undefined,
  trusted: readonly string[],
): Record<string, string> {
  if (trusted.length === 0) return {};
  const isTrusted = origin !== undefined && trusted.includes(origin);
  return {
    vary: 'Origin',
    ...(isTrusted && {
      'access-control-allow-origin': origin,
      'access-control-allow-credentials': 'true',
      'access-control-expose-headers': EXPOSED_HEADERS,
    }),
  };
}
