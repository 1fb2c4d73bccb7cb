import { type CanActivate, type ExecutionContext, UseGuards } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { Problem } from '../problems/index.js';

const guard: CanActivate = {
  canActivate(context: ExecutionContext): boolean {
    const { headers } = context.switchToHttp().getRequest<FastifyRequest>();
    if (headers['idempotency-key'] === undefined) return true;
    const detail = 'Idempotency-Key is not supported here: the response would have to be kept.';
    throw new Problem('invalid_header', detail, {
      errors: [{ header: 'idempotency-key', code: 'unsupported', detail }],
    });
  },
};

/** A POST whose response must not be kept: it refuses an `Idempotency-Key`. */
export const NotIdempotent = () => UseGuards(guard);
