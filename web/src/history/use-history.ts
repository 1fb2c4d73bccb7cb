import type { Version } from '@taskward/client';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useTasks } from '../tasks/task-context';
import type { Task } from '../tasks/task';

const PAGE_SIZE = 20;

/** The versions of a task, the newest first, as far as they have been read. */
export interface TaskHistory {
  readonly versions: readonly Version[] | undefined;
  readonly error: Error | null;
  readonly hasMore: boolean;
  readonly isReading: boolean;
  readonly readMore: () => void;
  readonly retry: () => void;
}

/** Reads the versions of a task page by page; again when it is changed. */
export function useHistory({ id }: Task): TaskHistory {
  const { user, options } = useTasks();
  const query = useInfiniteQuery({
    queryKey: ['history', user, id],
    queryFn: async ({ pageParam, signal }) => {
      const pageQuery = { limit: PAGE_SIZE, ...(pageParam && { cursor: pageParam }) };
      const params = { path: { id }, query: pageQuery };
      return (await options.client.GET('/api/v1/tasks/{id}/history', { params, signal })).data;
    },
    initialPageParam: '',
    getNextPageParam: ({ nextCursor }) => nextCursor,
    staleTime: 0,
    networkMode: 'always',
  });
  return {
    versions: query.data?.pages.flatMap(({ data }) => data),
    error: query.error,
    hasMore: query.hasNextPage,
    isReading: query.isFetching,
    readMore: () => void query.fetchNextPage(),
    retry: () => void query.refetch(),
  };
}
