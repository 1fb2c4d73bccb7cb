import { Problem } from '../problems/index.js';

/** Path of the metadata of RFC 9728. */
export const METADATA_PATH = '.well-known/oauth-protected-resource';

/** Error codes of RFC 6750, section 3.1. */
type BearerError = 'invalid_request' | 'invalid_token' | 'insufficient_scope';

/**
 * Returns the header of RFC 6750, section 3; without an error for a request without a token.
 *
 * @param scope the scope that the token lacks.
 */
export function challenge(error?: BearerError, description?: string, scope?: string) {
  const parameters = parametersOf({ error, error_description: description, scope });
  return { 'www-authenticate': ['Bearer realm="taskward"', ...parameters].join(', ') };
}

const parametersOf = (values: Readonly<Record<string, string | undefined>>) =>
  Object.entries(values).flatMap(([name, value]) =>
    value === undefined ? [] : [`${name}="${value.replaceAll('"', "'")}"`],
  );

/** Returns the problem with the address of the metadata (RFC 9728, section 5.1) in its challenge. */
export function withMetadata(problem: Problem, publicOrigin: string): Problem {
  const { code, detail, headers, errors } = problem;
  const challenged = headers['www-authenticate'];
  if (challenged === undefined) return problem;
  const metadata = parametersOf({ resource_metadata: `${publicOrigin}/${METADATA_PATH}` });
  const value = [challenged, ...metadata].join(', ');
  return new Problem(code, detail, { errors, headers: { ...headers, 'www-authenticate': value } });
}
