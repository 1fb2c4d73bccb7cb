import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { Problem } from '../problems/index.js';

/**
 * Refuses pages of foreign origins, as the specification of the transport demands: DNS rebinding makes a
 * foreign page reach a server on this machine. Clients that are no browsers send no `Origin`.
 */
@Injectable()
export class OriginGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    const { headers, server } = context.switchToHttp().getRequest<FastifyRequest>();
    const { origin } = headers;
    const isKnown =
      origin === undefined ||
      origin === server.publicOrigin ||
      server.trustedOrigins.includes(origin);
    if (isKnown) return true;
    throw new Problem('untrusted_origin', 'Pages must be of this origin or of a trusted one.');
  }
}
