import { createAuthMiddleware } from 'better-auth/api';
import type { Pool } from 'pg';
import { logAuthEvent } from '../issuer/index.js';
import { sender } from './auth-events.js';
import type { Mailer } from './mailer.js';
import { passwordChanged } from './mails.js';
import type { PasswordGuesses } from './password-guesses.js';

const CHANGE_PASSWORD = '/change-password';
const ALL_SESSIONS = { revokeOtherSessions: true };

interface Account {
  readonly id: string;
  readonly email: string;
}

/** A link in an old mail must not undo the change. */
async function dropResets(pool: Pool, { id }: Account): Promise<void> {
  await pool.query('delete from verification where value = $1', [id]);
}

/** A changed password ends every session, whatever the caller asks; the caller gets a new one. */
export const changePasswordHooks = (pool: Pool, mailer: Mailer | undefined) => ({
  before: createAuthMiddleware((context) => {
    const isChange = context.path === CHANGE_PASSWORD;
    return Promise.resolve(isChange ? { context: { body: ALL_SESSIONS } } : undefined);
  }),
  after: createAuthMiddleware(async (context) => {
    // The new session is there only if the change went well.
    const { newSession } = context.context;
    if (context.path !== CHANGE_PASSWORD || newSession === null) return;
    const { user, session } = newSession;
    const ids = { userId: user.id, sessionId: session.id };
    logAuthEvent('password_changed', { ...ids, ...sender(context.headers) });
    await dropResets(pool, user);
    mailer?.send(passwordChanged(user.email));
  }),
});

/** Whoever could reset the password has shown that the address is theirs. */
export const onPasswordReset =
  (pool: Pool, guesses: Pick<PasswordGuesses, 'clear'>, mailer: Mailer) =>
  async ({ user }: { user: Account }, request?: Request): Promise<void> => {
    await pool.query('update "user" set "emailVerified" = true where id = $1', [user.id]);
    await dropResets(pool, user);
    await guesses.clear(user.email);
    logAuthEvent('password_reset', { userId: user.id, ...sender(request?.headers) });
    mailer.send(passwordChanged(user.email));
  };
