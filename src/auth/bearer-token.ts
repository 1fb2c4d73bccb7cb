import type { IncomingHttpHeaders } from 'node:http';
import { Problem } from '../problems/index.js';
import { isRepeated } from '../http/index.js';
import { challenge } from './challenge.js';
import { TokenError } from './token-error.js';

/** As much of Fastify's request as tokens are read from. */
export interface BearerRequest {
  readonly headers: IncomingHttpHeaders;
  readonly raw: { readonly rawHeaders: readonly string[] };
}

const SCHEME = /^bearer(?:\s+(.*))?$/is;
/** The `b64token` of RFC 6750, section 2.1. */
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
 * The token of `Authorization: Bearer <token>` (RFC 6750, section 2.1), or undefined where there is
 * no such header or it is of another scheme.
 *
 * @throws TokenError when something else than one token follows the scheme.
 * @throws Problem `invalid_header` when the header is there more than once.
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
 * What stands in the token's place of a header as everybody writes it, or undefined. Nobody has looked
 * at it: good for finding a token that is known already, and for nothing else.
 */
export function likelyTokenOf({ headers, raw }: BearerRequest): string | undefined {
  const { authorization } = headers;
  if (!authorization?.startsWith(USUAL_SCHEME)) return undefined;
  if (isRepeated(raw.rawHeaders, 'authorization')) return undefined;
  return authorization.slice(USUAL_SCHEME.length);
}
