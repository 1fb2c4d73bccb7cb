import { NetworkError, type TaskwardClient } from '@taskward/client';
import { useQuery } from '@tanstack/react-query';
import { useSyncExternalStore } from 'react';
import { useSession } from '../auth/use-session';
import type { List } from './list';
import { keepSeenLists, readSeenLists } from './seen-lists';
import { listsKey, readLists, trashedListsKey } from './list-cache';

/** While the server does not respond, the lists are asked for again. */
const RETRY_MS = 5_000;
const STALE_MS = 30_000;
const NO_LISTS: readonly List[] = [];

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

/** Reads lists, and keeps them for the time without a connection. */
async function readAndKeep(client: TaskwardClient, user: string, signal: AbortSignal) {
  const lists = await readLists(client, { trashed: false, signal });
  // Without a database there is nothing to show without a connection, and no harm done.
  void keepSeenLists(user, lists).catch(() => undefined);
  return lists;
}

/** Returns the lists that this device has seen, while those of the server are not there. */
function useSeenLists(isNeeded: boolean) {
  const { user } = useSession();
  const { data } = useQuery({
    queryKey: ['seen-lists', user.id],
    queryFn: () => readSeenLists(user.id),
    enabled: isNeeded,
    networkMode: 'always',
    gcTime: 0,
  });
  return data ?? undefined;
}

function useListQuery(
  queryKey: readonly string[],
  queryFn: (context: { readonly signal: AbortSignal }) => Promise<List[]>,
) {
  return useQuery({
    queryKey,
    queryFn,
    staleTime: STALE_MS,
    networkMode: 'always',
    refetchOnReconnect: true,
    refetchInterval: ({ state }) => (state.error instanceof NetworkError ? RETRY_MS : false),
  });
}

export function useLists(): Lists {
  const { user, client } = useSession();
  const { data, error, refetch } = useListQuery(listsKey(user.id), ({ signal }) =>
    readAndKeep(client, user.id, signal),
  );
  const seen = useSeenLists(data === undefined);
  const isOnline = useIsOnline();
  return {
    lists: data ?? seen,
    error,
    isOffline: !isOnline || error instanceof NetworkError,
    refresh: () => void refetch(),
  };
}

/** Returns the lists in the trash, as far as they were read. */
export function useTrashedLists(): readonly List[] {
  const { user, client } = useSession();
  const { data } = useListQuery(trashedListsKey(user.id), ({ signal }) =>
    readLists(client, { trashed: true, signal }),
  );
  return data ?? NO_LISTS;
}

/** Returns a list that is not in the trash, if there is one of that id. */
export function useList(id: string | null | undefined): List | undefined {
  return useLists().lists?.find((list) => list.id === id);
}
