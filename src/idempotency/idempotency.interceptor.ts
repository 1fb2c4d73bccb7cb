import {
  type CallHandler,
  type ExecutionContext,
  Injectable,
  type NestInterceptor,
} from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { from, lastValueFrom, type Observable } from 'rxjs';
import type { AuthenticatedUser } from '../auth/index.js';
import { digestOf } from './digest.js';
import { Problem } from '../problems/index.js';
import { type FirstResponse, IdempotencyRepository } from './idempotency.repository.js';
import { isKey, KEY_RULE, runOnce } from './once.js';

type UserRequest = FastifyRequest & { readonly user?: AuthenticatedUser };

const HEADER = 'Idempotency-Key';
const JSON_TYPE = 'application/json; charset=utf-8';

/** The caller's key, if there is one. */
function keyOf({ headers }: FastifyRequest): string | undefined {
  const key = headers[HEADER.toLowerCase()];
  // Sent twice, Node joins the two with a blank, which no key has.
  if (key === undefined || isKey(key)) return key;
  throw new Problem('invalid_header', `${HEADER} ${KEY_RULE}.`, {
    errors: [{ header: HEADER, code: 'idempotency_key', detail: KEY_RULE }],
  });
}

/**
 * Digest, in hex, of a request: of its body as JSON values, in whatever order the members came; of a file, of
 * its bytes and of the query, which tells how to read them.
 */
function fingerprintOf({ method, url, body }: FastifyRequest): string {
  if (Buffer.isBuffer(body)) return digestOf([method, url], body);
  const [path] = url.split('?');
  return digestOf([method, path, body]);
}

/**
 * Repeats the first response to an `Idempotency-Key`.
 *
 * It stands around the handlers that are `@Idempotent()`, sees the headers that they set, and acts where
 * the request names a key.
 */
@Injectable()
export class IdempotencyInterceptor implements NestInterceptor<unknown> {
  constructor(private readonly keys: IdempotencyRepository) {}

  intercept(context: ExecutionContext, next: CallHandler<unknown>): Observable<unknown> {
    const http = context.switchToHttp();
    const request = http.getRequest<UserRequest>();
    const key = keyOf(request);
    if (key === undefined) return next.handle();
    return from(this.#respond(key, request, http.getResponse<FastifyReply>(), next));
  }

  /** @returns the body: text, so that it is sent as it is kept. */
  async #respond(
    key: string,
    request: UserRequest,
    reply: FastifyReply,
    next: CallHandler<unknown>,
  ): Promise<string> {
    if (request.user === undefined) throw new Error('A @Public() handler cannot be @Idempotent().');
    const ownerId = request.user.id;
    const fingerprint = fingerprintOf(request);
    const common = new Set(Object.keys(reply.getHeaders()));
    try {
      const { response, isReplay } = await runOnce(this.keys, ownerId, { key, fingerprint }, () =>
        firstResponse(next, reply, common),
      );
      if (isReplay) repeat(response, reply);
      void reply.type(JSON_TYPE);
      return response.body;
    } catch (error) {
      // They speak of a change that has not come about.
      for (const name of Object.keys(ownHeaders(reply, common))) reply.removeHeader(name);
      throw error;
    }
  }
}

/** Runs the request and returns the response of its handler. */
async function firstResponse(
  next: CallHandler<unknown>,
  reply: FastifyReply,
  common: ReadonlySet<string>,
): Promise<FirstResponse> {
  const body = JSON.stringify(await lastValueFrom(next.handle()));
  return { status: reply.statusCode, headers: ownHeaders(reply, common), body };
}

/** The headers of this response, without those that every response has. */
function ownHeaders(reply: FastifyReply, common: ReadonlySet<string>): FirstResponse['headers'] {
  const headers = Object.entries(reply.getHeaders()).filter(([name]) => !common.has(name));
  return Object.fromEntries(headers) as FirstResponse['headers'];
}

function repeat({ status, headers }: FirstResponse, reply: FastifyReply): void {
  void reply.code(status).headers({ ...headers, 'idempotency-replayed': 'true' });
}
