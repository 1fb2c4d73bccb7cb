/** An error of RFC 6750, section 3.1. */
type BearerError = 'invalid_request' | 'invalid_token' | 'insufficient_scope';

/**
 * The header of RFC 6750, section 3: a request without a token is told no error.
 *
 * @param scope what the token would have to allow.
 */
export function challenge(error?: BearerError, description?: string, scope?: string) {
  const parameters = Object.entries({ error, error_description: description, scope }).flatMap(
    ([name, value]) => (value === undefined ? [] : [`${name}="${value.replaceAll('"', "'")}"`]),
  );
  return { 'www-authenticate': ['Bearer realm="taskward"', ...parameters].join(', ') };
}
