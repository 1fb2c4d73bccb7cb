import type { FastifyInstance, FastifyRequest } from 'fastify';
import { readJson } from '../common/body-parser.js';
import { Problem } from '../common/problem.js';
import { isStorable } from '../common/validators.js';
import { BASE_PATH, type BetterAuth, CLIENT_ADDRESS_HEADER } from './better-auth.js';
import { withoutOutage } from './outage-watch.js';

const BODY_LIMIT = 32 * 1024;

/** Whether every text in a body can be stored as it is. */
function isStorableThroughout(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return isStorable(value);
  return Object.entries(value).flat().every(isStorableThroughout);
}

/** What is wrong with a body that Better Auth would answer 500, or store altered. */
function problemIn(bytes: Buffer): Problem | null {
  const body = readJson(bytes);
  if (body instanceof Problem) return body;
  if (isStorableThroughout(body)) return null;
  const detail = 'must be valid Unicode without NUL: lone surrogates cannot be stored';
  return new Problem('validation_failed', `Every text ${detail}.`, {
    errors: [{ pointer: '', code: 'unicode', detail }],
  });
}

/** The same request in the shape that Better Auth takes, with the address that we believe. */
function webRequest(request: FastifyRequest, origin: string): Request {
  const headers = new Headers();
  for (const [name, value] of Object.entries(request.headers)) {
    for (const item of [value ?? []].flat()) headers.append(name, item);
  }
  headers.set(CLIENT_ADDRESS_HEADER, request.ip);
  const { method, body } = request;
  const isEmpty = !Buffer.isBuffer(body) || body.length === 0;
  if (isEmpty) headers.delete('content-type');
  // A request line may name a host of its own: it counts for nothing.
  const { pathname, search } = new URL(request.url, origin);
  return new Request(new URL(pathname + search, origin), {
    method,
    headers,
    ...(!isEmpty && { body: new Uint8Array(body) }),
  });
}

/** Better Auth says when to try again in a header of its own; HTTP has one for it. */
function withRetryAfter(response: Response): Response {
  const seconds = response.headers.get('x-retry-after');
  if (seconds !== null) response.headers.set('retry-after', seconds);
  return response;
}

/**
 * Serves Better Auth's routes. It reads bodies itself, so in this plugin, and nowhere else, they
 * are left as they came, once they are known to be JSON: what a form of another site could send
 * is refused.
 */
export async function mountBetterAuth(
  fastify: FastifyInstance,
  auth: BetterAuth,
  origin: string,
): Promise<void> {
  await fastify.register((scope, _options, done) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser(
      'application/json',
      { parseAs: 'buffer', bodyLimit: BODY_LIMIT },
      (_, bytes: Buffer, next) => {
        next(problemIn(bytes), bytes);
      },
    );
    scope.route({
      method: ['GET', 'POST'],
      url: `${BASE_PATH}/*`,
      handler: async (request) => {
        const response = await withoutOutage(() => auth.handler(webRequest(request, origin)));
        return withRetryAfter(response);
      },
    });
    done();
  });
}
