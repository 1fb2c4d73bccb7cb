import { decodeProtectedHeader, type ProtectedHeaderParameters } from 'jose';
import { TokenError } from './token-error.js';

/** Media types of RFC 7519 and RFC 9068, without `application/`. */
const TOKEN_TYPES = ['jwt', 'at+jwt'];
/** Members that change how a token is read, or that supply the key to verify it with. */
const FORBIDDEN_MEMBERS = ['crit', 'b64', 'jwk', 'jku', 'x5c', 'x5u'];

function isAllowedType(typ: unknown): boolean {
  return (
    typeof typ === 'string' && TOKEN_TYPES.includes(typ.toLowerCase().replace(/^application\//, ''))
  );
}

/**
 * Reads the header of a token by the rules of RFC 8725, sections 3.1, 3.5, 3.10 and 3.11. Nothing
 * has verified it yet.
 *
 * @throws TokenError
 */
export function readHeader(
  token: string,
  algorithms: readonly string[],
): ProtectedHeaderParameters & { readonly alg: string } {
  const header = decodeProtectedHeader(token);
  const { alg, kid, typ } = header as Readonly<Record<string, unknown>>;
  const refused = FORBIDDEN_MEMBERS.find((name) => Object.hasOwn(header, name));
  if (refused !== undefined) {
    throw new TokenError('invalid_token', `The header of the token must not have ${refused}.`);
  }
  if (typ !== undefined && !isAllowedType(typ)) {
    throw new TokenError('invalid_token', 'The type of the token is not that of an access token.');
  }
  if (typeof alg !== 'string' || !algorithms.includes(alg)) {
    throw new TokenError('invalid_token', 'The algorithm of the token is not allowed.');
  }
  if (kid !== undefined && typeof kid !== 'string') {
    throw new TokenError('invalid_token', 'The key id of the token is not a string.');
  }
  return { ...header, alg };
}
