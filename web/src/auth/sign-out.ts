import { authClient } from './auth-client';
import { sessions } from './session-store';

/**
 * Ends the session, here and in the other tabs, unless a change that waits keeps the user here.
 *
 * @returns false when the server could not be reached: the cookie is still good, and a page that
 *   looked signed out would not be
 */
export async function signOut(): Promise<boolean> {
  const state = sessions.state();
  if (state.status !== 'signed-in' || !(await sessions.mayLeave('sign-out'))) return true;
  if (state.issuer.kind === 'embedded') {
    const { error } = await authClient.signOut().catch(() => ({ error: { status: 0 } }));
    if (error !== null) return false;
  }
  sessions.leave();
  return true;
}
