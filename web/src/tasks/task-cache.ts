import type { TaskPage } from '@taskward/client';
import type { InfiniteData, Query, QueryClient } from '@tanstack/react-query';
import { refreshCounts } from '../lists/list-cache';
import type { Change } from './change';
import { compareTasks, type LocalFilter, matches, sortOf } from './filter';
import { dropSeenTasks, keepSeenTasks, type SeenOwner } from './offline-db';
import type { Done } from './queue';
import type { Task } from './task';

export type TaskPages = InfiniteData<TaskPage, string>;

/** Key of a list: of one user, and with the filter that decides which tasks belong into it. */
export const listKey = (user: string, filter: LocalFilter) => ['tasks', user, filter] as const;
type ListKey = ReturnType<typeof listKey>;

/** Replaces pages; returns the same list if none has changed. */
function withPages(data: TaskPages, update: (page: TaskPage) => TaskPage): TaskPages {
  const pages = data.pages.map(update);
  return pages.every((page, i) => page === data.pages[i]) ? data : { ...data, pages };
}

const withoutTask = (data: TaskPages, id: string): TaskPages =>
  withPages(data, (page) =>
    page.data.some((task) => task.id === id)
      ? { ...page, data: page.data.filter((task) => task.id !== id) }
      : page,
  );

const isListed = (data: TaskPages, id: string) =>
  data.pages.some((page) => page.data.some((task) => task.id === id));

/** Replaces an older version of a task where it is: it stays there until the list is read again. */
function withReplaced(data: TaskPages, task: Task): TaskPages {
  const isOlder = ({ id, version }: Task) => id === task.id && version < task.version;
  return withPages(data, (page) =>
    page.data.some(isOlder)
      ? { ...page, data: page.data.map((other) => (isOlder(other) ? task : other)) }
      : page,
  );
}

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

function removeDeleted(pages: TaskPages, change: Change, { view }: LocalFilter): TaskPages {
  const isKept = view === 'trash' && change.kind === 'delete' && !change.isPermanent;
  return isKept ? pages : withoutTask(pages, change.id);
}

const isMoveToTrash = ({ entry: { change }, task }: Done) =>
  change.kind === 'delete' && !change.isPermanent && task === undefined;

/** Brings what the server has carried out into a list, if it has been read. */
function applyToList(client: QueryClient, list: Query<TaskPages>, done: readonly Done[]): void {
  const [, , filter] = list.queryKey as unknown as ListKey;
  const { data } = list.state;
  if (data === undefined) return;
  const applied = done.reduce<TaskPages>(
    (pages, { entry, task }) =>
      task ? applyTask(pages, task, filter) : removeDeleted(pages, entry.change, filter),
    data,
  );
  if (applied !== data) list.setData(applied, { manual: true });
  // Where a task gets in the trash, the server decides.
  if (filter.view === 'trash') {
    const refetchType = done.some(isMoveToTrash) ? 'active' : 'none';
    void client.invalidateQueries({ queryKey: list.queryKey, exact: true, refetchType });
  }
}

/** Counts tasks again, and reads those again that went along with their parent to another list. */
function refreshPlaces(client: QueryClient, user: string, done: readonly Done[]): void {
  refreshCounts(client, user);
  const isMoved = done.some(
    ({ entry: { change } }) => change.kind === 'update' && 'listId' in change.patch,
  );
  if (isMoved) void client.invalidateQueries({ queryKey: ['tasks', user], refetchType: 'none' });
}

/** Brings what the server has carried out into all lists that have been read. */
export function applyDone(client: QueryClient, owner: SeenOwner, done: readonly Done[]): void {
  for (const query of client.getQueryCache().findAll({ queryKey: ['tasks', owner.user] })) {
    const list = query as Query<TaskPages>;
    const apply = () => applyToList(client, list, done);
    apply();
    // A read on its way replaces the list, by what the server may have had before.
    list.promise?.then(apply, apply);
  }
  refreshPlaces(client, owner.user, done);
  // Without a database there is nothing to show without a connection, and no harm done.
  void keepDone(owner, done).catch(() => undefined);
}

async function keepDone(owner: SeenOwner, done: readonly Done[]): Promise<void> {
  const changed = done.flatMap(({ task }) => task ?? []);
  const deletions = done.flatMap(({ entry: { change }, task }) =>
    change.kind === 'delete' && task === undefined ? change : [],
  );
  const trashed = deletions.filter(({ isPermanent }) => !isPermanent).map(({ base }) => base);
  const gone = deletions.filter(({ isPermanent }) => isPermanent).map(({ id }) => id);
  await keepSeenTasks(owner, changed, false);
  await keepSeenTasks(owner, trashed, true);
  await dropSeenTasks(owner, gone);
}
