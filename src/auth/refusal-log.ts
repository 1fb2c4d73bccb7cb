import type { FastifyRequest } from 'fastify';
import { decodeProtectedHeader } from 'jose';
import { logAuthEvent, personalTokenDetails } from '../issuer/index.js';
import { countAuthRefused } from '../metrics/index.js';
import { Problem } from '../problems/index.js';
import type { AuthenticatedUser } from './authenticated-user.js';
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

/** Returns the fields that name a personal token. */
function namesOf({ id: userId, personalTokenId: id, actor }: Partial<AuthenticatedUser> = {}) {
  if (id === undefined) return {};
  return { userId, ...personalTokenDetails({ id, name: actor?.name ?? '' }) };
}

/** Codes of the problems for which the guard refuses a request. */
const REASONS = [
  ...(['missing_token', 'invalid_token', 'expired_token', 'session_ended'] as const),
  'insufficient_scope' as const,
];

/**
 * Counts and logs why a token was refused. An outage is no refusal; a missing token is not logged.
 *
 * @param user of a token that was verified.
 */
export function recordRefusal(
  request: FastifyRequest,
  problem: unknown,
  user?: Partial<AuthenticatedUser>,
): void {
  if (!(problem instanceof Problem)) return;
  const { detail } = problem;
  const reason = REASONS.find((code) => code === problem.code);
  if (reason === undefined) return;
  countAuthRefused(reason);
  if (reason === 'missing_token') return;
  const { id: requestId, ip: address } = request;
  const details = { requestId, reason, detail, kid: kidOf(request), address };
  logAuthEvent('token_refused', { ...details, ...namesOf(user) });
}
