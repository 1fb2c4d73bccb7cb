import type { FastifyRequest } from 'fastify';
import { decodeProtectedHeader } from 'jose';
import { logAuthEvent } from '../issuer/index.js';
import { Problem } from '../problems/index.js';
import { bearerTokenOf } from './bearer-token.js';

/** Short, printable strings that cannot break a line or a field of the log. */
const LOGGABLE = /^[\w.:+/=@-]{1,64}$/;

/** Returns the key id that a token claims, if it is readable and loggable. */
function kidOf(request: FastifyRequest): string | undefined {
  try {
    const { kid } = decodeProtectedHeader(bearerTokenOf(request) ?? '');
    return typeof kid === 'string' && LOGGABLE.test(kid) ? kid : undefined;
  } catch {
    return undefined;
  }
}

/** Logs why a token was refused. A missing token and an outage are not refusals. */
export function logRefusal(request: FastifyRequest, problem: unknown): void {
  if (!(problem instanceof Problem) || problem.status >= 500) return;
  const { code: reason, detail } = problem;
  if (reason === 'missing_token') return;
  const { id: requestId, ip: address } = request;
  logAuthEvent('token_refused', { requestId, reason, detail, kid: kidOf(request), address });
}
