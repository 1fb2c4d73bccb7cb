import { createHash } from 'node:crypto';
import {
  type CallHandler,
  type ExecutionContext,
  Injectable,
  type NestInterceptor,
} from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { from, lastValueFrom, type Observable } from 'rxjs';
import type { AuthenticatedUser } from '../auth/index.js';
import { canonicalJson } from './canonical-json.js';
import { idempotentReplays } from '../metrics/index.js';
import { Problem } from '../problems/index.js';
import { type FirstResponse, IdempotencyRepository } from './idempotency.repository.js';

type UserRequest = FastifyRequest & { readonly user?: AuthenticatedUser };

const HEADER = 'Idempotency-Key';
const KEY = /^[\x21-\x7e]{1,255}$/;
const JSON_TYPE = 'application/json; charset=utf-8';

/** The caller's key, if there is one. */
function keyOf({ headers }: FastifyRequest): string | undefined {
  const key = headers[HEADER.toLowerCase()];
  // Sent twice, Node joins the two with a blank, which no key has.
  if (key === undefined || (typeof key === 'string' && KEY.test(key))) return key;
  throw new Problem('invalid_header', `${HEADER} must be 1 to 255 visible ASCII characters.`, {
    errors: [
      {
        header: HEADER,
        code: 'idempotency_key',
        detail: 'must be 1 to 255 visible ASCII characters',
      },
    ],
  });
}

/** Digest, in hex, of a request: of its body as JSON values, in whatever order the members came. */
function fingerprintOf({ method, url, body }: FastifyRequest): string {
  const [path] = url.split('?');
  return createHash('sha256')
    .update(canonicalJson([method, path, body]))
    .digest('hex');
}

/**
 * Repeats the first response to an `Idempotency-Key`. The work of the handler and its response are
 * one transaction: both are kept or neither is, wherever the process dies.
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
      const body = await this.keys.transaction(ownerId, async () => {
        const isFirst = await this.keys.lock(ownerId, key);
        // Even without the lock: its holder may be done, or be repeating the same response.
        const kept = await this.keys.find(ownerId, key);
        if (kept !== undefined) {
          if (kept.fingerprint !== fingerprint) throw reused();
          return replay(kept, reply);
        }
        if (!isFirst) throw inProgress();
        const first = await firstResponse(next, reply, common);
        await this.keys.store(ownerId, key, { ...first, fingerprint });
        return first.body;
      });
      void reply.type(JSON_TYPE);
      return body;
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

function replay({ status, headers, body }: FirstResponse, reply: FastifyReply): string {
  idempotentReplays.inc();
  void reply.code(status).headers({ ...headers, 'idempotency-replayed': 'true' });
  return body;
}

function inProgress(): Problem {
  return new Problem('request_in_progress', `A request with this ${HEADER} is still in progress.`, {
    headers: { 'retry-after': '1' },
  });
}

function reused(): Problem {
  return new Problem('idempotency_key_reused', `This ${HEADER} was used for another request.`);
}
