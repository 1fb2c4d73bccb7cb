import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { etagOf, type Expected, isNamed, parseIfNoneMatch } from './etag.js';
import type { TaskDto, TaskPageDto } from './task.dto.js';

function nextLink({ url, server }: FastifyRequest, cursor: string): string {
  const { publicOrigin } = server;
  const { pathname, searchParams } = new URL(url, publicOrigin);
  searchParams.set('cursor', cursor);
  return `<${publicOrigin}${pathname}?${searchParams.toString()}>; rel="next"`;
}

/**
 * Has the headers say what the body does: `ETag` and `Location` of a task, `Link` of a page. What the
 * service returns passes through.
 *
 * No interceptor: with a first one Nest leads every request through RxJS, which costs as much as a
 * third of the rest.
 */
export class TaskAnswer {
  constructor(
    private readonly request: FastifyRequest,
    private readonly reply: FastifyReply,
    /** The versions that the caller has already. */
    private readonly known?: Expected,
  ) {}

  /** @returns undefined, for 304, when the caller has this version (RFC 9110, section 15.4.5). */
  async task(found: Promise<TaskDto>): Promise<TaskDto | undefined> {
    const task = await found;
    const { method, url } = this.request;
    const { reply } = this;
    void reply.header('etag', etagOf(task.version));
    if (reply.statusCode === 201) {
      void reply.header('location', `${url.split('?', 1)[0] ?? ''}/${task.id}`);
    }
    if (method === 'GET' || method === 'HEAD') {
      void reply.header('cache-control', 'private, no-cache');
    }
    if (!isNamed(task.version, this.known)) return task;
    void reply.code(304);
    return undefined;
  }

  async page(found: Promise<TaskPageDto>): Promise<TaskPageDto> {
    const page = await found;
    if (page.nextCursor !== null) {
      void this.reply.header('link', nextLink(this.request, page.nextCursor));
    }
    return page;
  }
}

function answerTo(context: ExecutionContext, known?: Expected): TaskAnswer {
  const http = context.switchToHttp();
  return new TaskAnswer(http.getRequest<FastifyRequest>(), http.getResponse<FastifyReply>(), known);
}

/** @example create(@Answer() answer: TaskAnswer) { return answer.task(this.service.create(…)); } */
export const Answer = createParamDecorator((_: unknown, context: ExecutionContext) =>
  answerTo(context),
);

/** The same for a read that `If-None-Match` may spare: a wrong one is refused before anything is read. */
export const ConditionalAnswer = createParamDecorator((_: unknown, context: ExecutionContext) => {
  const { headers } = context.switchToHttp().getRequest<FastifyRequest>();
  return answerTo(context, parseIfNoneMatch(headers['if-none-match']));
});
