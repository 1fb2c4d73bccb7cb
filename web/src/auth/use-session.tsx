import { createClient, type TaskwardClient } from '@taskward/client';
import { QueryClientProvider } from '@tanstack/react-query';
import {
  createContext,
  type ReactNode,
  use,
  useEffect,
  useMemo,
  useState,
  useSyncExternalStore,
} from 'react';
import { SessionQueries } from './session-queries';
import type { Issuer, SessionState, SignedInState } from './session-state';
import { sessions } from './session-store';
import type { User } from './user';

/** The signed-in user of the page, and the API as that user. */
export interface Session {
  readonly user: User;
  readonly issuer: Issuer;
  readonly client: TaskwardClient;
}

const SessionContext = createContext<Session | undefined>(undefined);

/** Returns who uses the page, as it changes. */
export const useSessionState = (): SessionState =>
  useSyncExternalStore(sessions.subscribe, sessions.state);

/** Returns the session of the page: only below `SignedIn`. */
export function useSession(): Session {
  const session = use(SessionContext);
  if (session === undefined) throw new Error('useSession() needs a signed-in user.');
  return session;
}

function createScope(userId: string) {
  const client = createClient({
    baseUrl: location.origin,
    getToken: () => sessions.fetchToken(userId),
  });
  return { client, queries: new SessionQueries() };
}

interface SignedInProps {
  readonly state: SignedInState;
  readonly children: ReactNode;
}

/**
 * Gives its children the API as one user, with caches that no other user has. It needs the user's id
 * as its `key`.
 */
export function SignedIn({ state: { user, issuer }, children }: SignedInProps) {
  const [{ client, queries }] = useState(() => createScope(user.id));
  useEffect(
    () => () => {
      client.forgetToken();
      queries.clear();
    },
    [client, queries],
  );
  const session = useMemo(() => ({ user, issuer, client }), [user, issuer, client]);
  return (
    <SessionContext value={session}>
      <QueryClientProvider client={queries}>{children}</QueryClientProvider>
    </SessionContext>
  );
}
