import type { BetterAuthPlugin } from 'better-auth';
import { APIError, createAuthMiddleware } from 'better-auth/api';
import type { Pool } from 'pg';
import { logAuthEvent } from '../issuer/index.js';
import type { AccountErasure } from './account-erasure.js';
import { sender } from './auth-events.js';

/**
 * Deletes an account in one statement, by which sessions and credentials go too, or all stay. What
 * Better Auth does by itself is several, and stopping half-way they would leave an account without a
 * password; it finds nothing left to do. Nobody can be that user any more, and the rows that it
 * owned, a million perhaps, are erased in batches after the response.
 */
export const accountDeletion = (pool: Pool, erasure: Pick<AccountErasure, 'kick'>) => ({
  enabled: true,
  beforeDelete: async ({ id }: { id: string }, request?: Request): Promise<void> => {
    const { rowCount } = await pool.query('delete from "user" where id = $1', [id]);
    // Of two that ask at the same time, one does it.
    if (rowCount === 0) return;
    erasure.kick();
    logAuthEvent('account_deleted', { userId: id, ...sender(request?.headers) });
  },
});

/**
 * Asks for the password before an account goes. Better Auth does without one in a session younger
 * than a day, so whoever comes across an open browser could delete everything.
 */
export const passwordToDelete = {
  id: 'taskward-password-to-delete',
  hooks: {
    before: [
      {
        matcher: ({ path }) => path === '/delete-user',
        handler: createAuthMiddleware(({ body }) => {
          const { password } = (body ?? {}) as { password?: unknown };
          if (typeof password === 'string' && password !== '') return Promise.resolve();
          throw new APIError('BAD_REQUEST', {
            code: 'PASSWORD_REQUIRED',
            message: 'The password is needed to delete an account',
          });
        }),
      },
    ],
  },
} satisfies BetterAuthPlugin;
