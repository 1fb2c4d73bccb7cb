import type { IncomingHttpHeaders } from 'node:http';
import { Problem } from '../problems/index.js';
import { isRepeated } from '../http/index.js';
import { challenge } from './challenge.js';
import { TokenError } from './token-error.js';

/** The part of Fastify's request that tokens are read from. */
export interface BearerRequest {
  readonly headers: IncomingHttpHeaders;
  readonly raw: { readonly rawHeaders: readonly string[] };
}

const SCHEME = /^bearer(?:\s+(.*))?$/is;
/** `b64token` of RFC 6750, section 2.1. */
const TOKEN = /^[\w.~+/-]+=*$/;

function assertOneHeader({ rawHeaders }: BearerRequest['raw']): void {
  if (!isRepeated(rawHeaders, 'authorization')) return;
  const detail = 'Authorization must be sent once.';
  throw new Problem('invalid_header', detail, {
    errors: [{ header: 'authorization', code: 'duplicate', detail }],
    headers: challenge('invalid_request', detail),
  });
}

/**
 * Returns the token of `Authorization: Bearer <token>` (RFC 6750, section 2.1), or undefined if
 * there is no such header or it has another scheme.
 *
 * @throws TokenError when the scheme is not followed by exactly one token.
 * @throws Problem `invalid_header` when the header is repeated.
 */
export function bearerTokenOf({ headers, raw }: BearerRequest): string | undefined {
  assertOneHeader(raw);
  const [, credentials = ''] = SCHEME.exec(headers.authorization ?? '') ?? [];
  if (credentials === '') return undefined;
  if (TOKEN.test(credentials)) return credentials;
  throw new TokenError('invalid_token', 'Authorization must contain exactly one bearer token.');
}

const USUAL_SCHEME = 'Bearer ';

/**
 * Returns the token of a header in its usual spelling without checking it, or undefined. Suitable
 * only for looking up a token in the cache.
 */
export function unverifiedToken({ headers, raw }: BearerRequest): string | undefined {
  const { authorization } = headers;
  if (!authorization?.startsWith(USUAL_SCHEME)) return undefined;
  if (isRepeated(raw.rawHeaders, 'authorization')) return undefined;
  return authorization.slice(USUAL_SCHEME.length);
}
