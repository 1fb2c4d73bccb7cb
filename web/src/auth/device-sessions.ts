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

const NO_SESSION = { status: 401 };

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
  const result = await withSession(async () => {
    const [{ data: current }, list] = await Promise.all([
      authClient.getSession(),
      authClient.listSessions(),
    ]);
    // Without a session the one is null, and the other an error.
    if (!current || !list.data) return { data: null, error: list.error ?? NO_SESSION };
    const currentId = current.session.id;
    return {
      data: list.data.map((one) => ({ ...one, isCurrent: one.id === currentId })),
      error: null,
    };
  });
  return assertDone(result).sort(
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
