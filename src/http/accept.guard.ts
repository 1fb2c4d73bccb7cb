import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { acceptsJson } from './accept.js';
import { isForApi } from './common-headers.js';
import { Problem } from '../problems/index.js';

/** Rejects requests that do not accept JSON, the API's only format, before anything is done. */
@Injectable()
export class AcceptGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    if (!isForApi(request) || acceptsJson(request.headers.accept)) return true;
    throw new Problem(
      'not_acceptable',
      'Responses are application/json: accept it, or omit the Accept header.',
    );
  }
}
