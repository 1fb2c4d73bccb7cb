import { type UseQueryResult, useQueries } from '@tanstack/react-query';
import { useMemo } from 'react';
import { type LocalFilter, matches } from './filter';
import { useFolds } from './folds';
import { readPage, retryInterval, STALE_MS } from './read-page';
import type { Task } from './task';
import { listKey } from './task-cache';
import type { TaskPages } from './task-pages';
import { useTasks } from './task-context';
import type { TaskSession } from './task-session';
import { hasShownSubtasks } from './tree';

/** Reads all subtasks of a task: one page, unless there are hundreds. */
async function readSubtasks(
  session: TaskSession,
  filter: LocalFilter,
  signal: AbortSignal,
): Promise<TaskPages> {
  const pages: TaskPages = { pages: [], pageParams: [] };
  let cursor: string | null = '';
  while (cursor !== null) {
    const page = await readPage(session, filter, { cursor, signal });
    pages.pages.push(page);
    pages.pageParams.push(cursor);
    cursor = page.nextCursor;
  }
  return pages;
}

/**
 * Returns the subtasks that are known before they are read: those that were made or moved there on this page.
 * Their rows stay, and the focus on one, while the list is read again.
 */
function knownSubtasks(session: TaskSession, filter: LocalFilter): TaskPages | undefined {
  const data = session.changedHere().filter((task) => matches(task, filter));
  return data.length > 0 ? { pages: [{ data, nextCursor: null }], pageParams: [''] } : undefined;
}

/** The subtasks of unfolded tasks. */
interface Level {
  readonly tasks: readonly Task[];
  readonly hasFailed: boolean;
}

const joined = (results: readonly UseQueryResult<TaskPages>[]): Level => ({
  tasks: results.flatMap(({ data }) => data?.pages.flatMap((page) => page.data) ?? []),
  hasFailed: results.some(({ data, error }) => data === undefined && error !== null),
});

const NO_TASKS: readonly Task[] = [];

/** Reads the subtasks of those tasks that are unfolded. */
function useLevel(filter: LocalFilter, parents: readonly Task[]): Level {
  const session = useTasks();
  const folds = useFolds();
  const unfolded = parents.filter(
    (task) => folds.get(task.id) === false && hasShownSubtasks(task, filter),
  );
  return useQueries({
    queries: unfolded.map(({ id }) => {
      const own = { ...filter, parent: id };
      return {
        queryKey: listKey(session.user, own),
        queryFn: ({ signal }: { signal: AbortSignal }) => readSubtasks(session, own, signal),
        placeholderData: () => knownSubtasks(session, own),
        staleTime: STALE_MS,
        networkMode: 'always' as const,
        refetchInterval: ({ state }: { state: { error: unknown } }) => retryInterval(state.error),
      };
    }),
    combine: joined,
  });
}

/** Reads the subtasks of all levels below tasks, as far as they are unfolded: one request for each task. */
export function useSubtasks(filter: LocalFilter, top: readonly Task[] = NO_TASKS): Level {
  const first = useLevel(filter, top);
  const second = useLevel(filter, first.tasks);
  const third = useLevel(filter, second.tasks);
  const fourth = useLevel(filter, third.tasks);
  return useMemo(() => {
    const levels = [first, second, third, fourth];
    return {
      tasks: levels.flatMap(({ tasks }) => tasks),
      hasFailed: levels.some(({ hasFailed }) => hasFailed),
    };
  }, [first, second, third, fourth]);
}
