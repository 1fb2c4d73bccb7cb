import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import {
  etagOf,
  isNamed,
  isStale,
  type Precondition,
  preconditionFailed,
  preconditionOf,
} from '../resource/index.js';
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
    /** Preconditions of a read; a write checks its own in the statement that writes. */
    private readonly precondition: Precondition = {},
  ) {}

  /**
   * Evaluates the preconditions of a read in the order of RFC 9110, section 13.2.2.
   *
   * @returns undefined, for 304, when the caller has this version.
   * @throws Problem `precondition_failed`
   */
  async task(found: Promise<TaskDto>): Promise<TaskDto | undefined> {
    const task = await found;
    const { ifMatch, ifNoneMatch } = this.precondition;
    if (isStale(task.version, ifMatch)) throw preconditionFailed(task.version, { ifMatch });
    const { method, url } = this.request;
    const { reply } = this;
    void reply.header('etag', etagOf(task.version));
    if (reply.statusCode === 201) {
      void reply.header('location', `${url.split('?', 1)[0] ?? ''}/${task.id}`);
    }
    if (method === 'GET' || method === 'HEAD') {
      void reply.header('cache-control', 'private, no-cache');
    }
    if (!isNamed(task.version, ifNoneMatch)) return task;
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

function answerTo(context: ExecutionContext, isConditional: boolean): TaskAnswer {
  const http = context.switchToHttp();
  const request = http.getRequest<FastifyRequest>();
  const precondition = isConditional ? preconditionOf(request) : undefined;
  return new TaskAnswer(request, http.getResponse<FastifyReply>(), precondition);
}

/** @example create(@Answer() answer: TaskAnswer) { return answer.task(this.service.create(…)); } */
export const Answer = createParamDecorator((_: unknown, context: ExecutionContext) =>
  answerTo(context, false),
);

/** The same for a read under preconditions: a wrong one is refused before anything is read. */
export const ConditionalAnswer = createParamDecorator((_: unknown, context: ExecutionContext) =>
  answerTo(context, true),
);
