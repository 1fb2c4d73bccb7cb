import { decodeProtectedHeader, type ProtectedHeaderParameters } from 'jose';
import { TokenError } from './token-error.js';

/** Media types, without `application/`, of RFC 7519 and of RFC 9068. */
const TYPES = ['jwt', 'at+jwt'];
/** What would change how a token is read, or bring or fetch the key that is to judge it. */
const REFUSED = ['crit', 'b64', 'jwk', 'jku', 'x5c', 'x5u'];

function isAllowedType(typ: unknown): boolean {
  return typeof typ === 'string' && TYPES.includes(typ.toLowerCase().replace(/^application\//, ''));
}

/**
 * The header of a token, by the rules of RFC 8725, sections 3.1, 3.5, 3.10 and 3.11. Nothing has
 * vouched for it yet.
 *
 * @throws TokenError
 */
export function readHeader(
  token: string,
  algorithms: readonly string[],
): ProtectedHeaderParameters & { readonly alg: string } {
  const header = decodeProtectedHeader(token);
  const { alg, kid, typ } = header as Readonly<Record<string, unknown>>;
  const refused = REFUSED.find((name) => Object.hasOwn(header, name));
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
