import {
  type CallHandler,
  type ExecutionContext,
  Injectable,
  type NestInterceptor,
} from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { type Observable, tap } from 'rxjs';
import { etagOf } from './etag.js';
import type { TaskDto, TaskPageDto } from './task.dto.js';

function nextLink(url: string, cursor: string): string {
  const [path = '', query] = url.split('?');
  const parameters = new URLSearchParams(query);
  parameters.set('cursor', cursor);
  return `<${path}?${parameters.toString()}>; rel="next"`;
}

/** What the headers say of a task; its address where it has been created just now. */
export function setTaskHeaders(
  { method, url }: FastifyRequest,
  reply: FastifyReply,
  { id, version }: TaskDto,
): void {
  void reply.header('etag', etagOf(version));
  if (reply.statusCode === 201) void reply.header('location', `${url.split('?')[0] ?? ''}/${id}`);
  if (method === 'GET' || method === 'HEAD')
    void reply.header('cache-control', 'private, no-cache');
}

/** What the headers say of the body: `ETag` and `Location` of a task, `Link` of a page. */
@Injectable()
export class TaskHeadersInterceptor implements NestInterceptor<TaskDto | TaskPageDto | undefined> {
  intercept(
    context: ExecutionContext,
    next: CallHandler<TaskDto | TaskPageDto | undefined>,
  ): Observable<TaskDto | TaskPageDto | undefined> {
    const http = context.switchToHttp();
    const request = http.getRequest<FastifyRequest>();
    const reply = http.getResponse<FastifyReply>();
    return next.handle().pipe(
      tap((body) => {
        if (body === undefined) return;
        if (!('data' in body)) setTaskHeaders(request, reply, body);
        else if (body.nextCursor !== null)
          void reply.header('link', nextLink(request.url, body.nextCursor));
      }),
    );
  }
}
