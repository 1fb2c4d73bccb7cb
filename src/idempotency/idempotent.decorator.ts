import { applyDecorators } from '@nestjs/common';
import { ApiHeader } from '@nestjs/swagger';
import { ApiProblems, type ProblemCode } from '../problems/index.js';
import { KeyedRoute } from './keyed-route.js';

/** Describes the header of a response that may be a repeat. */
export const REPLAYED = {
  'Idempotency-Replayed': {
    description: '`true` if this is a repeat of the first response to the `Idempotency-Key`.',
    schema: { type: 'string' as const, enum: ['true'] },
  },
};

/**
 * A POST that honours `Idempotency-Key`. The handler must return JSON, set its headers by itself
 * (an interceptor of its controller would set them too late), and write through MikroORM alone, so that
 * its work and the key are one transaction. Its `ApiProblems` also name
 * `invalid_header` and `idempotency_key_reused`.
 *
 * @param conflicts other problems of status 409 that the handler responds with
 */
export const Idempotent = (...conflicts: ProblemCode[]) =>
  applyDecorators(
    KeyedRoute(),
    ApiHeader({
      name: 'Idempotency-Key',
      required: false,
      schema: { type: 'string', minLength: 1, maxLength: 255, pattern: '^[\\x21-\\x7e]+$' },
      example: '5f0c2b4e-6f0d-4f1c-9d0b-0c8a3b1e7d52',
      description:
        'Makes the request safe to retry: for 24 hours, the same key with the same body returns the first response, and nothing is done twice.',
    }),
    ApiProblems('request_in_progress', ...conflicts),
  );
