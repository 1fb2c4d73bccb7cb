import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyRequest } from 'fastify';
import { acceptsEventStream, acceptsJson } from './accept.js';
import { isForApi } from './common-headers.js';
import { EventStreamRoute } from './event-stream.decorator.js';
import { Problem } from '../problems/index.js';

/**
 * Rejects requests that do not accept JSON, the format of the API, before anything is done. A stream
 * of events may also be requested by its own format.
 */
@Injectable()
export class AcceptGuard implements CanActivate {
  constructor(private readonly reflector: Reflector) {}

  canActivate(context: ExecutionContext): boolean {
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    const { accept } = request.headers;
    if (!isForApi(request) || acceptsJson(accept)) return true;
    const isStream = this.reflector.get(EventStreamRoute, context.getHandler());
    if (isStream && acceptsEventStream(accept)) return true;
    const format = isStream ? 'text/event-stream' : 'application/json';
    throw new Problem(
      'not_acceptable',
      `Responses are ${format}: accept it, or omit the Accept header.`,
    );
  }
}
