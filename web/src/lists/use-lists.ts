import { NetworkError } from '@taskward/client';
import { useQuery } from '@tanstack/react-query';
import { useSyncExternalStore } from 'react';
import { useSession } from '../auth/use-session';
import type { List } from './list';
import { listsKey, readLists } from './list-cache';

/** While the server does not respond, the lists are asked for again. */
const RETRY_MS = 5_000;
const STALE_MS = 30_000;

const subscribeOnline = (listener: () => void) => {
  addEventListener('online', listener);
  addEventListener('offline', listener);
  return () => {
    removeEventListener('online', listener);
    removeEventListener('offline', listener);
  };
};

const useIsOnline = () => useSyncExternalStore(subscribeOnline, () => navigator.onLine);

/** The user's lists that are not in the trash. */
export interface Lists {
  /** In their order; absent while nothing is known. */
  readonly lists: readonly List[] | undefined;
  readonly error: Error | null;
  /** Lists can only be changed with a connection. */
  readonly isOffline: boolean;
  readonly refresh: () => void;
}

function useListQuery() {
  const { user, client } = useSession();
  return useQuery({
    queryKey: listsKey(user.id),
    queryFn: ({ signal }) => readLists(client, { trashed: false, signal }),
    staleTime: STALE_MS,
    networkMode: 'always',
    refetchOnReconnect: true,
    refetchInterval: ({ state }) => (state.error instanceof NetworkError ? RETRY_MS : false),
  });
}

export function useLists(): Lists {
  const { data, error, refetch } = useListQuery();
  const isOnline = useIsOnline();
  return {
    lists: data,
    error,
    isOffline: !isOnline || error instanceof NetworkError,
    refresh: () => void refetch(),
  };
}

/** Returns a list that is not in the trash, if there is one of that id. */
export function useList(id: string | null | undefined): List | undefined {
  return useLists().lists?.find((list) => list.id === id);
}
