import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { Problem } from '../problems/index.js';

/** The body of a request as it was sent. */
export interface SentFile {
  readonly bytes: Buffer;
  /** In lower case, without parameters; undefined if the request names none. */
  readonly mediaType: string | undefined;
}

const EMPTY = Buffer.alloc(0);

function fileOf({ body, headers }: FastifyRequest): SentFile {
  if (body instanceof Problem) throw body;
  const [mediaType = ''] = (headers['content-type'] ?? '').split(';');
  return {
    bytes: Buffer.isBuffer(body) ? body : EMPTY,
    mediaType: mediaType === '' ? undefined : mediaType.trim().toLowerCase(),
  };
}

/** The file that a handler with `@TakesFile()` was sent. */
export const FileBody = createParamDecorator((_: undefined, context: ExecutionContext) =>
  fileOf(context.switchToHttp().getRequest<FastifyRequest>()),
);
