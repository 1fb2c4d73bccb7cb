import type { BetterAuthPlugin } from 'better-auth';
import { APIError, createAuthMiddleware } from 'better-auth/api';
import type { Pool } from 'pg';
import { logAuthEvent } from '../issuer/index.js';
import type { AccountErasure } from './account-erasure.js';
import { callerOf } from './auth-events.js';

/**
 * Deletes an account, with its sessions and credentials, in one statement. Better Auth would use
 * several, and a crash between them would leave an account without a password; it then finds
 * nothing left to delete. The tasks, possibly a million, are erased in batches after the response:
 * their owner can no longer sign in.
 */
export const accountDeletion = (pool: Pool, erasure: Pick<AccountErasure, 'kick'>) => ({
  enabled: true,
  beforeDelete: async ({ id }: { id: string }, request?: Request): Promise<void> => {
    const { rowCount } = await pool.query('delete from "user" where id = $1', [id]);
    // Only one of two simultaneous requests deletes the account.
    if (rowCount === 0) return;
    erasure.kick();
    logAuthEvent('account_deleted', { userId: id, ...callerOf(request?.headers) });
  },
});

/**
 * Requires the password before an account is deleted. Better Auth does not in a session younger
 * than a day, so anyone at an unattended browser could delete everything.
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
            message: 'The password is required to delete the account',
          });
        }),
      },
    ],
  },
} satisfies BetterAuthPlugin;
