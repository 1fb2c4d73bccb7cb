import { createHash } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';

/**
 * Returns whether a client has the response with a tag. `If-None-Match` may list several, which a proxy may
 * have weakened; `*` names any (RFC 9110, section 13.1.2).
 */
export function isKnown({ headers }: FastifyRequest, etag: string): boolean {
  const known = headers['if-none-match'];
  return known?.trim() === '*' || known?.includes(etag) === true;
}

/** A response that stays the same while the process runs; clients revalidate it by its `ETag`. */
export class ConstantResponse {
  readonly #etag: string;

  constructor(
    private readonly body: string,
    private readonly type: string,
  ) {
    this.#etag = `"${createHash('sha256').update(body).digest('base64url')}"`;
  }

  /** Sends the body, or 304 if the client has it. */
  send(request: FastifyRequest, reply: FastifyReply): FastifyReply {
    void reply.headers({ etag: this.#etag, 'cache-control': 'no-cache' });
    if (isKnown(request, this.#etag)) return reply.code(304).send();
    return reply.type(this.type).send(this.body);
  }
}
