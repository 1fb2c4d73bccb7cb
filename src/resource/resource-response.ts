import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import {
  etagOf,
  isNamed,
  isStale,
  type Precondition,
  preconditionFailed,
  preconditionOf,
} from './etag.js';

interface Resource {
  readonly id: string;
  readonly version: number;
}

function nextLink({ url, server }: FastifyRequest, cursor: string): string {
  const { publicOrigin } = server;
  const { pathname, searchParams } = new URL(url, publicOrigin);
  searchParams.set('cursor', cursor);
  return `<${publicOrigin}${pathname}?${searchParams.toString()}>; rel="next"`;
}

/**
 * Sets the headers that follow from the body: `ETag` and `Location` of a resource, `Link` of a page. The
 * service's result passes through.
 *
 * Not an interceptor: with a first one Nest leads every request through RxJS, which costs as much as a
 * third of the rest.
 */
export class ResourceResponse {
  constructor(
    private readonly request: FastifyRequest,
    private readonly reply: FastifyReply,
    /** Preconditions of a read; a write checks its own in the statement that writes. */
    private readonly precondition: Precondition = {},
  ) {}

  /**
   * Evaluates the preconditions of a read in the order of RFC 9110, section 13.2.2.
   *
   * @returns undefined, for 304, when the client has this version.
   * @throws Problem `precondition_failed`
   */
  async one<Dto extends Resource>(result: Promise<Dto>): Promise<Dto | undefined> {
    const resource = await result;
    const { ifMatch, ifNoneMatch } = this.precondition;
    if (isStale(resource.version, ifMatch)) throw preconditionFailed(resource.version, { ifMatch });
    const { method, url } = this.request;
    const { reply } = this;
    void reply.header('etag', etagOf(resource.version));
    if (reply.statusCode === 201) {
      void reply.header('location', `${url.split('?', 1)[0] ?? ''}/${resource.id}`);
    }
    if (method === 'GET' || method === 'HEAD') {
      void reply.header('cache-control', 'private, no-cache');
    }
    if (!isNamed(resource.version, ifNoneMatch)) return resource;
    void reply.code(304);
    return undefined;
  }

  async page<Page extends { readonly nextCursor: string | null }>(
    result: Promise<Page>,
  ): Promise<Page> {
    const page = await result;
    if (page.nextCursor !== null) {
      void this.reply.header('link', nextLink(this.request, page.nextCursor));
    }
    return page;
  }
}

function responseOf(context: ExecutionContext, isConditional: boolean): ResourceResponse {
  const http = context.switchToHttp();
  const request = http.getRequest<FastifyRequest>();
  const precondition = isConditional ? preconditionOf(request) : undefined;
  return new ResourceResponse(request, http.getResponse<FastifyReply>(), precondition);
}

/** @example create(@Respond() response: ResourceResponse) { return response.one(this.service.create(…)); } */
export const Respond = createParamDecorator((_: unknown, context: ExecutionContext) =>
  responseOf(context, false),
);

/** Responds to a read under preconditions: a malformed one is refused before anything is read. */
export const RespondConditionally = createParamDecorator((_: unknown, context: ExecutionContext) =>
  responseOf(context, true),
);
