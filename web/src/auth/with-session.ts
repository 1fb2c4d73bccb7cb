import { sessions } from './session-store';

interface Result {
  readonly error: { readonly status: number } | null;
}

/**
 * Calls Better Auth as the user of the page; once more, if the session has ended, after the same
 * user has signed in again.
 *
 * @throws SignedOutError when the user has left
 */
export async function withSession<T extends Result>(send: () => Promise<T>): Promise<T> {
  const state = sessions.state();
  const result = await sessions.change(send);
  if (result.error?.status !== 401 || state.status !== 'signed-in') return result;
  await sessions.fetchToken(state.user.id);
  return sessions.change(send);
}
