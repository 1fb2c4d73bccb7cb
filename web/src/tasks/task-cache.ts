import type { TaskPage } from '@taskward/client';
import type { InfiniteData, QueryClient } from '@tanstack/react-query';
import { compareTasks, type LocalFilter, matches, sortOf } from './filter';
import { dropSeenTasks, keepSeenTasks } from './offline-db';
import type { Done } from './queue';
import type { Task } from './task';

export type TaskPages = InfiniteData<TaskPage, string>;

/** Key of a list: of one user, and with the filter that decides which tasks belong into it. */
export const listKey = (user: string, filter: LocalFilter) => ['tasks', user, filter] as const;
type ListKey = ReturnType<typeof listKey>;

const withoutTask = (data: TaskPages, id: string): TaskPages => ({
  ...data,
  pages: data.pages.map((page) =>
    page.data.some((task) => task.id === id)
      ? { ...page, data: page.data.filter((task) => task.id !== id) }
      : page,
  ),
});

const isListed = (data: TaskPages, id: string) =>
  data.pages.some((page) => page.data.some((task) => task.id === id));

/** Replaces a task where it is: it stays in its place until the list is read again. */
const withReplaced = (data: TaskPages, task: Task): TaskPages => ({
  ...data,
  pages: data.pages.map((page) =>
    page.data.some(({ id }) => id === task.id)
      ? { ...page, data: page.data.map((other) => (other.id === task.id ? task : other)) }
      : page,
  ),
});

/** Inserts a task where the sort has it, unless that is on a page that has not been read. */
function withInserted(data: TaskPages, task: Task, { view, search }: LocalFilter): TaskPages {
  const sort = sortOf(view, search);
  const isBefore = (other: Task) => compareTasks(task, other, sort) < 0;
  const found = data.pages.findIndex((page) => page.data.some(isBefore));
  const isEnd = found === -1 && data.pages.at(-1)?.nextCursor === null;
  const index = isEnd ? data.pages.length - 1 : found;
  const pages = data.pages.map((page, i) => {
    if (i !== index) return page;
    const at = page.data.findIndex(isBefore);
    return { ...page, data: page.data.toSpliced(at === -1 ? page.data.length : at, 0, task) };
  });
  return { ...data, pages };
}

function applyTask(data: TaskPages, task: Task, filter: LocalFilter): TaskPages {
  if (filter.view === 'trash') return withoutTask(data, task.id);
  if (isListed(data, task.id)) return withReplaced(data, task);
  return matches(task, filter) ? withInserted(data, task, filter) : data;
}

/** Brings what the server has carried out into all lists that have been read. */
export function applyDone(client: QueryClient, user: string, done: readonly Done[]): void {
  const lists = client.getQueriesData<TaskPages>({ queryKey: ['tasks', user] });
  for (const [key, data] of lists) {
    if (data === undefined) continue;
    const [, , filter] = key as ListKey;
    const applied = done.reduce<TaskPages>(
      (pages, { entry, task }) =>
        task ? applyTask(pages, task, filter) : removeDeleted(pages, entry.change.id, filter, done),
      data,
    );
    if (applied !== data) client.setQueryData<TaskPages>(key, applied);
  }
  // The server decides when what was deleted gets there, and in which order.
  void client.invalidateQueries({
    predicate: ({ queryKey }) =>
      queryKey[1] === user && (queryKey as Partial<ListKey>)[2]?.view === 'trash',
    refetchType: 'none',
  });
  void keepDone(user, done);
}

function removeDeleted(
  pages: TaskPages,
  id: string,
  { view }: LocalFilter,
  done: readonly Done[],
): TaskPages {
  const change = done.find(({ entry }) => entry.change.id === id)?.entry.change;
  const isKept = view === 'trash' && change?.kind === 'delete' && !change.isPermanent;
  return isKept ? pages : withoutTask(pages, id);
}

async function keepDone(user: string, done: readonly Done[]): Promise<void> {
  const changed = done.flatMap(({ task }) => task ?? []);
  const trashed = done.flatMap(({ entry: { change } }) =>
    change.kind === 'delete' && !change.isPermanent ? change.base : [],
  );
  const gone = done.flatMap(({ entry: { change } }) =>
    change.kind === 'delete' && change.isPermanent ? change.id : [],
  );
  await keepSeenTasks(user, changed, false);
  await keepSeenTasks(user, trashed, true);
  await dropSeenTasks(user, gone);
}
