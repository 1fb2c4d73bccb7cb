import { createAuthMiddleware } from 'better-auth/api';
import type { Pool } from 'pg';
import { logAuthEvent } from '../issuer/index.js';
import { callerOf } from './auth-events.js';
import type { Mailer } from './mailer.js';
import { passwordChanged } from './mails.js';
import type { PasswordGuesses } from './password-guesses.js';

const CHANGE_PASSWORD = '/change-password';
const ALL_SESSIONS = { revokeOtherSessions: true };

interface Account {
  readonly id: string;
  readonly email: string;
}

/** Invalidates reset links in old mails, which must not undo the change. */
async function deleteResetTokens(pool: Pool, { id }: Account): Promise<void> {
  await pool.query('delete from verification where value = $1', [id]);
}

/**
 * Ends every session after a password change, whatever the caller requested, and starts a new one.
 */
export const changePasswordHooks = (pool: Pool, mailer: Mailer | undefined) => ({
  before: createAuthMiddleware((context) => {
    const isChange = context.path === CHANGE_PASSWORD;
    return Promise.resolve(isChange ? { context: { body: ALL_SESSIONS } } : undefined);
  }),
  after: createAuthMiddleware(async (context) => {
    // Set only if the change succeeded.
    const { newSession } = context.context;
    if (context.path !== CHANGE_PASSWORD || newSession === null) return;
    const { user, session } = newSession;
    const ids = { userId: user.id, sessionId: session.id };
    logAuthEvent('password_changed', { ...ids, ...callerOf(context.headers) });
    await deleteResetTokens(pool, user);
    mailer?.send(passwordChanged(user.email));
  }),
});

/** Marks the address as verified: the user who reset the password has received the mail. */
export const onPasswordReset =
  (pool: Pool, guesses: Pick<PasswordGuesses, 'clear'>, mailer: Mailer) =>
  async ({ user }: { user: Account }, request?: Request): Promise<void> => {
    await pool.query('update "user" set "emailVerified" = true where id = $1', [user.id]);
    await deleteResetTokens(pool, user);
    await guesses.clear(user.email);
    logAuthEvent('password_reset', { userId: user.id, ...callerOf(request?.headers) });
    mailer.send(passwordChanged(user.email));
  };
