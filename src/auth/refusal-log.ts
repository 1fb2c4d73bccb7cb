import type { FastifyRequest } from 'fastify';
import { decodeProtectedHeader } from 'jose';
import { logAuthEvent } from '../issuer/index.js';
import { Problem } from '../problems/index.js';
import { bearerTokenOf } from './bearer-token.js';

/** Short, printable, and nothing that could break a line or a field of the log. */
const LOGGABLE = /^[\w.:+/=@-]{1,64}$/;

/** The key that a token claims to be signed with, where that can be read and written. */
function kidOf(request: FastifyRequest): string | undefined {
  try {
    const { kid } = decodeProtectedHeader(bearerTokenOf(request) ?? '');
    return typeof kid === 'string' && LOGGABLE.test(kid) ? kid : undefined;
  } catch {
    return undefined;
  }
}

/** Logs why a token was refused. That there was none, or that a part of us is down, is no refusal. */
export function logRefusal(request: FastifyRequest, problem: unknown): void {
  if (!(problem instanceof Problem) || problem.status >= 500) return;
  const { code: reason, detail } = problem;
  if (reason === 'missing_token') return;
  const { id: requestId, ip: address } = request;
  logAuthEvent('token_refused', { requestId, reason, detail, kid: kidOf(request), address });
}
