import { authClient } from './auth-client';
import { withSession } from './with-session';

/** A sign-in that has not ended, on this device or another. */
export interface ListedSession {
  readonly id: string;
  readonly token: string;
  readonly createdAt: Date;
  readonly ipAddress?: string | null | undefined;
  readonly userAgent?: string | null | undefined;
  readonly isCurrent: boolean;
}

interface Result<T> {
  readonly data: T;
  readonly error: { readonly status: number; readonly code?: string | undefined } | null;
}

/** @throws Error whose message is a key of the failures' texts */
function assertDone<T>({ data, error }: Result<T>): NonNullable<T> {
  if (error === null && data) return data;
  throw new Error(error?.code === 'SESSION_NOT_FRESH' ? 'notFresh' : 'unavailable');
}

/** Lists the user's sessions, the current one first, then by their sign-in. */
export async function listSessions(): Promise<ListedSession[]> {
  const sessions = assertDone(await withSession(() => authClient.listSessions()));
  const currentId = assertDone(await authClient.getSession()).session.id;
  return sessions
    .map((session) => ({ ...session, isCurrent: session.id === currentId }))
    .sort(
      (a, b) =>
        Number(b.isCurrent) - Number(a.isCurrent) || b.createdAt.valueOf() - a.createdAt.valueOf(),
    );
}

export async function endSession(token: string): Promise<void> {
  assertDone(await withSession(() => authClient.revokeSession({ token })));
}

export async function endOtherSessions(): Promise<void> {
  assertDone(await withSession(() => authClient.revokeOtherSessions()));
}
