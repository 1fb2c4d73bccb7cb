import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyRequest } from 'fastify';
import { acceptsJson, acceptsType } from './accept.js';
import { isForApi } from './api-paths.js';
import { Problem } from '../problems/index.js';
import { Produces } from './produces.decorator.js';

/**
 * Rejects requests that do not accept JSON, the format of the API, before anything is done. What a
 * handler `@Produces()` may also be requested by its own media type.
 */
@Injectable()
export class AcceptGuard implements CanActivate {
  constructor(private readonly reflector: Reflector) {}

  canActivate(context: ExecutionContext): boolean {
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    const { accept } = request.headers;
    if (!isForApi(request) || acceptsJson(accept)) return true;
    const produced = this.reflector.get(Produces, context.getHandler()) ?? [];
    if (produced.some((type) => acceptsType(accept, type))) return true;
    const format = produced.length > 0 ? produced.join(' or ') : 'application/json';
    throw new Problem(
      'not_acceptable',
      `Responses are ${format}: accept it, or omit the Accept header.`,
    );
  }
}
