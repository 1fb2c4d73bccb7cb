/** Response headers that scripts of trusted origins can read. */
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
 * Returns the CORS headers for a page of `origin`, for responses sent before any hook, or by hand.
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
