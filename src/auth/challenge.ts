/** Error codes of RFC 6750, section 3.1. */
type BearerError = 'invalid_request' | 'invalid_token' | 'insufficient_scope';

/**
 * Returns the header of RFC 6750, section 3; without an error for a request without a token.
 *
 * @param scope the scope that the token lacks.
 */
export function challenge(error?: BearerError, description?: string, scope?: string) {
  const parameters = Object.entries({ error, error_description: description, scope }).flatMap(
    ([name, value]) => (value === undefined ? [] : [`${name}="${value.replaceAll('"', "'")}"`]),
  );
  return { 'www-authenticate': ['Bearer realm="taskward"', ...parameters].join(', ') };
}
