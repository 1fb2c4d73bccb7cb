import { NetworkError } from '@taskward/client';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useCallback, useMemo } from 'react';
import type { LocalFilter } from './filter';
import { useFolds } from './folds';
import { readSeenTasks, type SeenTask } from './offline-db';
import { overlay, type ShownTask, withoutTwins } from './overlay';
import { compareByPosition } from './place';
import { readPage, retryInterval, STALE_MS } from './read-page';
import { seenList } from './seen-tasks';
import type { Task } from './task';
import { listKey } from './task-cache';
import type { TaskPages } from './task-pages';
import { useQueue, useTasks } from './task-context';
import { hasShownSubtasks, isNested, isOrdered, nest } from './tree';
import { useSubtasks } from './use-subtasks';

const NO_TASKS: readonly Task[] = [];
/** A list that was read further than this is read anew only when the person asks for it. */
const MAX_REREAD_PAGES = 3;

/** A list of tasks as far as it has been read, with the changes that wait. */
export interface TaskList {
  /** The rows; absent while nothing is known. */
  readonly tasks: readonly ShownTask[] | undefined;
  /** The tasks that are known here, those below folded ones among them. */
  readonly known: readonly ShownTask[];
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
    refetchInterval: ({ state }) => retryInterval(state.error),
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

/** Returns the tasks that are listed, by the server or as this device has seen them. */
function useListed(filter: LocalFilter) {
  // By levels, the first of which has no parent.
  const top = useMemo(() => (isOrdered(filter) ? { ...filter, parent: 'none' } : filter), [filter]);
  const query = usePages(top);
  const { data, error } = query;
  const roots = useMemo(() => data?.pages.flatMap((page) => page.data), [data]);
  const subtasks = useSubtasks(filter, top === filter ? NO_TASKS : roots);
  const seen = useSeenTasks(data === undefined || subtasks.hasFailed).data;
  const hasQueue = useQueue().length > 0;
  const listed = useMemo(() => {
    if (roots && subtasks.hasFailed)
      return withSeen(distinct([...roots, ...subtasks.tasks]), seen, filter);
    if (roots) return distinct([...roots, ...subtasks.tasks]);
    if (seen && seen.length > 0) return seenList(seen, filter);
    // Tasks that were added without a connection are shown.
    return error && hasQueue ? NO_TASKS : undefined;
  }, [roots, subtasks, seen, filter, error, hasQueue]);
  return { query, listed };
}

/** Returns each task once: one that has just moved is on two levels, until both are read again. */
const distinct = (tasks: readonly Task[]): readonly Task[] => [
  ...new Map(tasks.map((task) => [task.id, task])).values(),
];

/** Adds subtasks that cannot be read now, as this device has seen them. */
function withSeen(
  tasks: readonly Task[],
  seen: readonly SeenTask[] = [],
  filter: LocalFilter,
): readonly Task[] {
  const ids = new Set(tasks.map(({ id }) => id));
  const more = seenList(seen, filter).filter(({ id, parentId }) => parentId && !ids.has(id));
  return [...tasks, ...more];
}

/** Returns the ids of tasks whose parent is on another page of the list. */
function looseTasks(data: Pick<TaskPages, 'pages'> | undefined): ReadonlySet<string> {
  const loose = new Set<string>();
  for (const page of data?.pages ?? []) {
    const ids = new Set(page.data.map(({ id }) => id));
    for (const { id, parentId } of page.data) if (parentId && !ids.has(parentId)) loose.add(id);
  }
  return loose;
}

/** Returns the rows of a list: of a tree, if it shows one. */
function useRows(
  tasks: readonly ShownTask[] | undefined,
  filter: LocalFilter,
  data: Pick<TaskPages, 'pages'> | undefined,
): readonly ShownTask[] | undefined {
  const folds = useFolds();
  const loose = useMemo(() => looseTasks(data), [data]);
  return useMemo(() => {
    if (tasks === undefined || !isNested(filter)) return tasks;
    const isByLevel = isOrdered(filter);
    return nest(isByLevel ? tasks.toSorted(compareByPosition) : tasks, {
      isLoose: ({ id }) => !isByLevel && loose.has(id),
      // A level that is read when it is unfolded is folded at first.
      isFolded: ({ id }) => folds.get(id) ?? isByLevel,
      hasSubtasks: (task) => isByLevel && hasShownSubtasks(task, filter),
    });
  }, [tasks, filter, folds, loose]);
}

/** Reads a list page by page, and puts the changes that wait over it. */
export function useTaskList(filter: LocalFilter): TaskList {
  const { idOf, keyOf, user, options } = useTasks();
  const { queries } = options;
  const queue = useQueue();
  const { query, listed } = useListed(filter);
  const { data, error, hasNextPage, isFetching, fetchNextPage } = query;
  const show = useCallback(
    (all: readonly Task[]) => {
      const isMadeHere = (id: string) => keyOf(id) !== id;
      return overlay(withoutTwins(all, queue, isMadeHere), queue, filter, idOf);
    },
    [queue, filter, idOf, keyOf],
  );
  const tasks = useMemo(() => listed && show(listed), [listed, show]);
  const rows = useRows(tasks, filter, data);
  const loadMore = useCallback(() => {
    if (hasNextPage && !isFetching) void fetchNextPage();
  }, [hasNextPage, isFetching, fetchNextPage]);
  const loadAll = async () => {
    let pages = query;
    while (pages.hasNextPage) pages = await fetchNextPage({ throwOnError: true });
    return show(pages.data?.pages.flatMap((page) => page.data) ?? listed ?? NO_TASKS);
  };
  return {
    tasks: rows,
    known: tasks ?? NO_TASKS,
    error,
    isOffline: error instanceof NetworkError,
    hasMore: hasNextPage,
    isLoadingMore: query.isFetchingNextPage,
    loadMore,
    loadAll,
    refresh: () => void queries.invalidateQueries({ queryKey: ['tasks', user] }),
  };
}
