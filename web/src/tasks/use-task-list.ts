import { NetworkError } from '@taskward/client';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useCallback, useMemo } from 'react';
import { type LocalFilter, taskQuery } from './filter';
import { readSeenTasks } from './offline-db';
import { overlay, type ShownTask } from './overlay';
import { keepPage, seenList } from './seen-tasks';
import type { Task } from './task';
import { listKey, type TaskPages } from './task-cache';
import { useQueue, useTasks } from './task-context';
import type { TaskSession } from './task-session';

const NO_TASKS: readonly Task[] = [];
const PAGE_SIZE = 200;
/** While the server does not respond, the list asks again by itself. */
const RETRY_MS = 5_000;
const STALE_MS = 30_000;
/** A list that was read further than this is read anew only when the person asks for it. */
const MAX_REREAD_PAGES = 3;

async function readPage(
  session: TaskSession,
  filter: LocalFilter,
  { cursor, signal }: { cursor: string; signal: AbortSignal },
) {
  const { view, search, today } = filter;
  const query = { ...taskQuery(view, search, today), limit: PAGE_SIZE, ...(cursor && { cursor }) };
  const { client } = session.options;
  const { data } = await client.GET('/api/v1/tasks', { params: { query }, signal });
  // Without a database there is nothing to show without a connection, and no harm done.
  void keepPage(session, filter, data, cursor === '').catch(() => undefined);
  return data;
}

/** A list of tasks as far as it has been read, with the changes that wait. */
export interface TaskList {
  /** Absent while nothing is known. */
  readonly tasks: readonly ShownTask[] | undefined;
  readonly error: Error | null;
  /** The server does not respond: the tasks are those that this device has seen. */
  readonly isOffline: boolean;
  readonly hasMore: boolean;
  readonly isLoadingMore: boolean;
  readonly loadMore: () => void;
  /** Reads all pages, and returns all tasks. */
  readonly loadAll: () => Promise<readonly Task[]>;
  readonly refresh: () => void;
}

/** Reads the pages of a list from the server. */
function usePages(filter: LocalFilter) {
  const session = useTasks();
  const isShort = ({ state }: { state: { data: TaskPages | undefined } }) =>
    (state.data?.pages.length ?? 0) <= MAX_REREAD_PAGES;
  return useInfiniteQuery({
    queryKey: listKey(session.user, filter),
    queryFn: ({ pageParam, signal }) => readPage(session, filter, { cursor: pageParam, signal }),
    initialPageParam: '',
    getNextPageParam: ({ nextCursor }) => nextCursor,
    staleTime: STALE_MS,
    networkMode: 'always',
    refetchOnMount: isShort,
    refetchOnWindowFocus: isShort,
    refetchInterval: ({ state }) => (state.error instanceof NetworkError ? RETRY_MS : false),
  });
}

/** Reads the tasks that this device has seen, while those of the server are not there. */
function useSeenTasks(isNeeded: boolean) {
  const { user } = useTasks().options;
  return useQuery({
    queryKey: ['seen', user],
    queryFn: () => readSeenTasks(user),
    enabled: isNeeded,
    networkMode: 'always',
    gcTime: 0,
  });
}

/** Reads a list page by page, and puts the changes that wait over it. */
export function useTaskList(filter: LocalFilter): TaskList {
  const { idOf } = useTasks();
  const queue = useQueue();
  const query = usePages(filter);
  const { data, error, hasNextPage, isFetching, fetchNextPage } = query;
  const seen = useSeenTasks(data === undefined).data;
  const listed = useMemo(() => {
    if (data) return data.pages.flatMap((page) => page.data);
    if (seen && seen.length > 0) return seenList(seen, filter);
    // Tasks that were added without a connection are shown.
    return error && queue.length > 0 ? NO_TASKS : undefined;
  }, [data, seen, filter, error, queue.length]);
  const tasks = useMemo(
    () => listed && overlay(listed, queue, filter, idOf),
    [listed, queue, filter, idOf],
  );
  const loadMore = useCallback(() => {
    if (hasNextPage && !isFetching) void fetchNextPage();
  }, [hasNextPage, isFetching, fetchNextPage]);
  const loadAll = async () => {
    let pages = query;
    while (pages.hasNextPage) pages = await fetchNextPage({ throwOnError: true });
    const all = pages.data?.pages.flatMap((page) => page.data) ?? listed ?? NO_TASKS;
    return overlay(all, queue, filter, idOf);
  };
  return {
    tasks,
    error,
    isOffline: error instanceof NetworkError,
    hasMore: hasNextPage,
    isLoadingMore: query.isFetchingNextPage,
    loadMore,
    loadAll,
    refresh: () => void query.refetch(),
  };
}
