import type { BetterAuthPlugin } from 'better-auth';
import { createAuthMiddleware } from 'better-auth/api';

/**
 * Ends the session whose cookie a sign-in replaces: the browser forgets it, so it could not be signed
 * out any more.
 */
export const endReplacedSession = {
  id: 'taskward-end-replaced-session',
  hooks: {
    after: [
      {
        matcher: ({ path }) => path?.startsWith('/sign-') === true,
        handler: createAuthMiddleware(async (context) => {
          const { newSession, authCookies, secret, internalAdapter } = context.context;
          if (newSession === null) return;
          const token = await context.getSignedCookie(authCookies.sessionToken.name, secret);
          if (token) await internalAdapter.deleteSession(token);
        }),
      },
    ],
  },
} satisfies BetterAuthPlugin;
