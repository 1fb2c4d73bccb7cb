import type { FastifyInstance, FastifyRequest } from 'fastify';
import { readJson } from '../common/body-parser.js';
import { Problem } from '../common/problem.js';
import { REQUEST_ID_HEADER } from '../common/request-id.js';
import { isStorable } from '../common/validators.js';
import type { Env } from '../config/env.js';
import { shareDeadline } from '../database/index.js';
import { answer } from './answers.js';
import { CLIENT_ADDRESS_HEADER } from './auth-events.js';
import { BASE_PATH, type BetterAuth } from './better-auth.js';
import { withoutOutage } from './outage-watch.js';
import { secretsOf } from './secrets.js';
import { cookieResigner, type ResignCookies } from './session-cookie.js';

const BODY_LIMIT = 32 * 1024;

/** Whether every text in a body can be stored as it is. */
function isStorableThroughout(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return isStorable(value);
  return Object.entries(value).flat().every(isStorableThroughout);
}

/** What is wrong with a body that Better Auth would answer 500, or store altered. */
function problemIn({ headers }: FastifyRequest, bytes: Buffer): Problem | null {
  const body = readJson(bytes, headers);
  if (body instanceof Problem) return body;
  if (isStorableThroughout(body)) return null;
  const detail = 'must be valid Unicode without NUL: lone surrogates cannot be stored';
  return new Problem('validation_failed', `Every text ${detail}.`, {
    errors: [{ pointer: '', code: 'unicode', detail }],
  });
}

/** The same request in the shape that Better Auth takes, with the address that we believe. */
function webRequest(request: FastifyRequest, origin: string, resign: ResignCookies): Request {
  const headers = new Headers();
  for (const [name, value] of Object.entries(request.headers)) {
    for (const item of [value ?? []].flat()) headers.append(name, item);
  }
  headers.set(CLIENT_ADDRESS_HEADER, request.ip);
  headers.set(REQUEST_ID_HEADER, request.id);
  const { cookie } = request.headers;
  if (cookie !== undefined) headers.set('cookie', resign(cookie));
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

/**
 * Serves Better Auth's routes. It reads bodies itself, so in this plugin, and nowhere else, they
 * are left as they came, once they are known to be JSON: what a form of another site could send
 * is refused.
 */
export async function mountBetterAuth(
  fastify: FastifyInstance,
  auth: BetterAuth,
  env: Env,
): Promise<void> {
  const resign = await cookieResigner(auth, secretsOf(env));
  await fastify.register((scope, _options, done) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser(
      'application/json',
      { parseAs: 'buffer', bodyLimit: BODY_LIMIT },
      (request, bytes: Buffer, next) => {
        next(problemIn(request, bytes), bytes);
      },
    );
    scope.route({
      method: ['GET', 'POST'],
      url: `${BASE_PATH}/*`,
      handler: (request) =>
        answer(auth, request, () =>
          withoutOutage(() =>
            shareDeadline(() => auth.handler(webRequest(request, env.origin, resign))),
          ),
        ),
    });
    done();
  });
}
