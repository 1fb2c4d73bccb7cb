import type { BetterAuthOptions } from 'better-auth';
import type { Pool } from 'pg';
import { logAuthEvent, type RefusalEvent } from '../issuer/index.js';
import { countAuthRefused, countRateLimited } from '../metrics/index.js';
import { REQUEST_ID_HEADER } from '../http/index.js';
import { endOldestSessions } from './session-limit.js';

/**
 * Client address that rate limits count by. Set by Taskward, overwriting whatever the client sent.
 */
export const CLIENT_ADDRESS_HEADER = 'x-taskward-client-address';

/** Returns the fields of an event that identify the request. */
export const callerOf = (headers: Headers | null | undefined) => ({
  address: headers?.get(CLIENT_ADDRESS_HEADER) ?? undefined,
  requestId: headers?.get(REQUEST_ID_HEADER) ?? undefined,
});

/** Returns whether a new session is a sign-in; the one that follows a password change is not. */
const isSignIn = (path = '') => path.startsWith('/sign-');

/** Logs changes to accounts and sessions, whichever route causes them. */
export const databaseHooks = (pool: Pool) =>
  ({
    user: {
      create: {
        after: ({ id: userId }, context) => {
          logAuthEvent('sign_up', { userId, ...callerOf(context?.headers) });
          return Promise.resolve();
        },
      },
    },
    session: {
      create: {
        after: async ({ id: sessionId, userId }, context) => {
          const caller = callerOf(context?.headers);
          for (const ended of await endOldestSessions(pool, userId)) {
            const by = 'session limit';
            logAuthEvent('session_ended', { userId, sessionId: ended, by, ...caller });
          }
          if (isSignIn(context?.path)) {
            logAuthEvent('sign_in', { userId, sessionId, ...caller });
          }
        },
      },
      delete: {
        after: ({ id: sessionId, userId }, context) => {
          const by = context?.path;
          logAuthEvent('session_ended', { userId, sessionId, by, ...callerOf(context?.headers) });
          return Promise.resolve();
        },
      },
    },
  }) satisfies BetterAuthOptions['databaseHooks'];

/** Events logged when these routes refuse a request. */
const REFUSAL_EVENTS: Readonly<Record<string, RefusalEvent>> = {
  '/sign-in/email': 'sign_in_refused',
  '/sign-up/email': 'sign_up_refused',
  '/change-password': 'password_change_refused',
  '/reset-password': 'password_reset_refused',
  '/delete-user': 'account_deletion_refused',
};

/** Returns the code of Better Auth's error, if it has one. */
export async function errorCodeOf(response: Response): Promise<string | undefined> {
  const isJson = response.headers.get('content-type')?.startsWith('application/json') === true;
  if (response.status < 400 || !isJson) return undefined;
  const text = await response.clone().text();
  return text === '' ? undefined : (JSON.parse(text) as { code?: string }).code;
}

/** Logs what only the response reveals: refusals, rate limits, and password reset requests. */
export async function logResponse(
  path: string,
  response: Response,
  caller: ReturnType<typeof callerOf>,
): Promise<void> {
  const event = REFUSAL_EVENTS[path];
  if (response.status === 429) {
    countRateLimited('account_route');
    logAuthEvent('rate_limited', { path, ...caller });
  } else if (event !== undefined && response.status >= 400) {
    countAuthRefused(event);
    logAuthEvent(event, { reason: await errorCodeOf(response), ...caller });
  } else if (path === '/request-password-reset' && response.ok) {
    logAuthEvent('password_reset_requested', caller);
  }
}
