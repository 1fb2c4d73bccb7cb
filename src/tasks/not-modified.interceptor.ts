import {
  type CallHandler,
  type ExecutionContext,
  Injectable,
  type NestInterceptor,
} from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { map, type Observable } from 'rxjs';
import { isNamed, parseIfNoneMatch } from './etag.js';
import { setTaskHeaders } from './task-headers.interceptor.js';
import type { TaskDto } from './task.dto.js';

/**
 * Spares who reads a task what they have already: 304, with the headers that the task would have
 * come with. RFC 9110, section 15.4.5.
 */
@Injectable()
export class NotModifiedInterceptor implements NestInterceptor<TaskDto, TaskDto | undefined> {
  intercept(
    context: ExecutionContext,
    next: CallHandler<TaskDto>,
  ): Observable<TaskDto | undefined> {
    const http = context.switchToHttp();
    const request = http.getRequest<FastifyRequest>();
    const reply = http.getResponse<FastifyReply>();
    // Before the task is looked for: a header that is wrong is wrong whatever there is.
    const known = parseIfNoneMatch(request.headers['if-none-match']);
    return next.handle().pipe(
      map((task) => {
        if (!isNamed(task.version, known)) return task;
        setTaskHeaders(request, reply, task);
        void reply.code(304);
        return undefined;
      }),
    );
  }
}
