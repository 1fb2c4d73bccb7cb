import type { TaskwardClient } from '@taskward/client';
import type { QueryClient } from '@tanstack/react-query';
import type { ListEntry } from '../changes/entry';
import { type List, withList, withoutList } from './list';

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

/** Changes the lists that have been read; a read on its way, which may have begun before, is repeated. */
function changeLists(queries: QueryClient, user: string, change: (lists: List[]) => List[]): void {
  const queryKey = listsKey(user);
  queries.setQueryData<List[]>(queryKey, (lists) => lists && change(lists));
  if (queries.isFetching({ queryKey }) > 0) void queries.invalidateQueries({ queryKey });
}

/** Shows a list as the server returned it. */
export const keepList = (queries: QueryClient, user: string, list: List): void =>
  changeLists(queries, user, (lists) => withList(lists, list));

export const dropList = (queries: QueryClient, user: string, id: string): void =>
  changeLists(queries, user, (lists) => withoutList(lists, id));

/** Brings what was changed elsewhere into the lists; the trash is read again. */
export function applyListEntries(
  queries: QueryClient,
  user: string,
  entries: readonly ListEntry[],
): void {
  if (entries.length === 0) return;
  changeLists(queries, user, (lists) => entries.reduce(withEntry, lists));
  void queries.invalidateQueries({ queryKey: trashedListsKey(user) });
}

function withEntry(lists: List[], { id, type, version, list }: ListEntry): List[] {
  if (list === null || type === 'list.trashed') return withoutList(lists, id);
  const known = lists.find((one) => one.id === id);
  return known === undefined || known.version < version ? withList(lists, list) : lists;
}

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
  timer ??= setTimeout(() => {
    timer = undefined;
    void queries.invalidateQueries({ queryKey: listsKey(user) });
  }, COUNT_DELAY_MS);
}
