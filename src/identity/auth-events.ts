import type { BetterAuthOptions } from 'better-auth';
import type { Pool } from 'pg';
import { type AuthEvent, logAuthEvent } from '../issuer/index.js';
import { REQUEST_ID_HEADER } from '../http/index.js';
import { endOldestSessions } from './session-limit.js';

/** Set by us alone, over whatever the client sent: the address that limits count by. */
export const CLIENT_ADDRESS_HEADER = 'x-taskward-client-address';

/** Whose request it was: the part of an event that all have. */
export const sender = (headers: Headers | null | undefined) => ({
  address: headers?.get(CLIENT_ADDRESS_HEADER) ?? undefined,
  requestId: headers?.get(REQUEST_ID_HEADER) ?? undefined,
});

/** Sessions that stand for nothing but themselves; the one after a password change is no sign-in. */
const isSignIn = (path = '') => path.startsWith('/sign-');

/** Logs what happens to accounts and sessions, whichever route it happens by. */
export const databaseHooks = (pool: Pool) =>
  ({
    user: {
      create: {
        after: ({ id: userId }, context) => {
          logAuthEvent('sign_up', { userId, ...sender(context?.headers) });
          return Promise.resolve();
        },
      },
    },
    session: {
      create: {
        after: async ({ id: sessionId, userId }, context) => {
          const who = sender(context?.headers);
          for (const ended of await endOldestSessions(pool, userId)) {
            const by = 'session limit';
            logAuthEvent('session_ended', { userId, sessionId: ended, by, ...who });
          }
          if (isSignIn(context?.path)) {
            logAuthEvent('sign_in', { userId, sessionId, ...who });
          }
        },
      },
      delete: {
        after: ({ id: sessionId, userId }, context) => {
          const by = context?.path;
          logAuthEvent('session_ended', { userId, sessionId, by, ...sender(context?.headers) });
          return Promise.resolve();
        },
      },
    },
  }) satisfies BetterAuthOptions['databaseHooks'];

/** What a refusal of these routes is called. */
const REFUSED: Readonly<Record<string, AuthEvent>> = {
  '/sign-in/email': 'sign_in_refused',
  '/sign-up/email': 'sign_up_refused',
  '/change-password': 'password_change_refused',
  '/reset-password': 'password_reset_refused',
  '/delete-user': 'account_deletion_refused',
};

/** Better Auth's code for a refusal; some have none. */
export async function codeOf(response: Response): Promise<string | undefined> {
  const isJson = response.headers.get('content-type')?.startsWith('application/json') === true;
  if (response.status < 400 || !isJson) return undefined;
  const text = await response.clone().text();
  return text === '' ? undefined : (JSON.parse(text) as { code?: string }).code;
}

/** Logs what Better Auth's answer alone tells: refusals, limits, and what nobody may tell apart. */
export async function logAnswer(
  path: string,
  response: Response,
  who: ReturnType<typeof sender>,
): Promise<void> {
  const refused = REFUSED[path];
  if (response.status === 429) {
    logAuthEvent('rate_limited', { path, ...who });
  } else if (refused !== undefined && response.status >= 400) {
    logAuthEvent(refused, { reason: await codeOf(response), ...who });
  } else if (path === '/request-password-reset' && response.ok) {
    logAuthEvent('password_reset_requested', who);
  }
}
