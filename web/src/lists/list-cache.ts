import type { TaskwardClient } from '@taskward/client';
import type { QueryClient } from '@tanstack/react-query';
import { type List, withList } from './list';

const PAGE_SIZE = 200;
/** Many changes in a row are counted once. */
const COUNT_DELAY_MS = 300;

/** Key of a user's lists that are not in the trash. */
export const listsKey = (user: string) => ['lists', user] as const;
export const trashedListsKey = (user: string) => ['trashed-lists', user] as const;

/** Reads all lists, archived ones included, with their counts. */
export async function readLists(
  client: TaskwardClient,
  { trashed, signal }: { trashed: boolean; signal: AbortSignal },
): Promise<List[]> {
  const query = { include: 'counts' as const, limit: PAGE_SIZE, ...(trashed && { trashed }) };
  const lists: List[] = [];
  for await (const { data } of client.pages('/api/v1/lists', query, { signal }))
    lists.push(...data);
  return lists;
}

/** Shows a list as the server returned it. */
export const keepList = (queries: QueryClient, user: string, list: List): void =>
  void queries.setQueryData<List[]>(listsKey(user), (lists) => lists && withList(lists, list));

export const dropList = (queries: QueryClient, user: string, id: string): void =>
  void queries.setQueryData<List[]>(listsKey(user), (lists) =>
    lists?.filter((list) => list.id !== id),
  );

/** Reads lists and trash again. */
export const refreshLists = async (queries: QueryClient, user: string): Promise<void> => {
  await Promise.all(
    [listsKey(user), trashedListsKey(user)].map((queryKey) =>
      queries.invalidateQueries({ queryKey }),
    ),
  );
};

let timer: ReturnType<typeof setTimeout> | undefined;

/** Counts the tasks again, after some of them have changed. */
export function refreshCounts(queries: QueryClient, user: string): void {
  clearTimeout(timer);
  timer = setTimeout(() => {
    void queries.invalidateQueries({ queryKey: listsKey(user) });
  }, COUNT_DELAY_MS);
}
