import type { Query, QueryClient } from '@tanstack/react-query';
import { refreshCounts } from '../lists/list-cache';
import type { Change } from './change';
import { type LocalFilter, matches } from './filter';
import { dropSeenTasks, keepSeenTasks, readSeenTasks, type SeenOwner } from './offline-db';
import { type Deltas, progressDeltas, type Step, withProgress } from './progress';
import type { Done } from './queue';
import type { Task } from './task';
import {
  listedTask,
  type TaskPages,
  withInserted,
  withoutTasks,
  withReplaced,
  withUpdated,
} from './task-pages';
import { tasksBelow } from './tree';

/** Key of a list: of one user, and with the filter that decides which tasks belong into it. */
export const listKey = (user: string, filter: LocalFilter) => ['tasks', user, filter] as const;
type ListKey = ReturnType<typeof listKey>;

/** Returns the lists of a user that have been read, or are being read. */
export const taskLists = (client: QueryClient, user: string) =>
  client.getQueryCache().findAll({ queryKey: ['tasks', user] }) as unknown as Query<TaskPages>[];

export const filterOf = ({ queryKey }: Query<TaskPages>): LocalFilter =>
  (queryKey as unknown as ListKey)[2];

/** Returns whether the subtasks of a task have been read for a list. */
type HasRead = (parentId: string) => boolean;

/**
 * Brings a task into a list. In one that is read by levels, the first level has the tasks whose own level
 * has not been read yet, so that they do not vanish until it is.
 */
function applyTask(
  data: TaskPages,
  task: Task,
  { parent, ...filter }: LocalFilter,
  hasRead: HasRead,
): TaskPages {
  if (filter.view === 'trash') return withoutTasks(data, new Set([task.id]));
  const isUnread = parent === 'none' && task.parentId !== null && !hasRead(task.parentId);
  const hasLeft = parent !== undefined && parent !== (task.parentId ?? 'none');
  if (hasLeft && !isUnread) return withoutTasks(data, new Set([task.id]));
  if (listedTask(data, task.id)) return withReplaced(data, task);
  return matches(task, filter) ? withInserted(data, task, filter) : data;
}

/** Removes a task that was deleted, and all below it. */
function removeDeleted(
  pages: TaskPages,
  change: Change,
  { filter, known }: { filter: LocalFilter; known: readonly Task[] },
): TaskPages {
  const isMove = change.kind === 'delete' && !change.isPermanent;
  const ids = new Set([change.id]);
  if (filter.view === 'trash' && isMove) return pages;
  for (const { id } of tasksBelow(ids, known)) ids.add(id);
  return withoutTasks(pages, ids);
}

/** Completes the subtasks that the server has completed with a task: each has one version more. */
function withCompleted(pages: TaskPages, change: Change, { completedAt }: Task): TaskPages {
  if (change.kind !== 'completeSubtasks') return pages;
  const versions = new Map(change.subtasks.map(({ id, version }) => [id, version]));
  return withUpdated(pages, (task) =>
    versions.get(task.id) === task.version && !task.completed
      ? { ...task, completed: true, completedAt, version: task.version + 1 }
      : task,
  );
}

const isMoveToTrash = ({ entry: { change }, task }: Done) =>
  change.kind === 'delete' && !change.isPermanent && task === undefined;

interface Applied {
  readonly done: readonly Done[];
  /** The tasks of all lists. */
  readonly known: readonly Task[];
}

/** Brings what the server has carried out into a list, if it has been read. */
function applyToList(
  client: QueryClient,
  list: Query<TaskPages>,
  { done, known }: Applied,
  deltas?: Deltas,
): void {
  const [, user, filter] = list.queryKey as unknown as ListKey;
  const { data } = list.state;
  if (data === undefined) return;
  const hasRead = (parent: string) =>
    client.getQueryData(listKey(user, { ...filter, parent })) !== undefined;
  const changed = done.reduce<TaskPages>((pages, { entry: { change }, task }) => {
    if (task === undefined) return removeDeleted(pages, change, { filter, known });
    return withCompleted(applyTask(pages, task, filter, hasRead), change, task);
  }, data);
  const applied = deltas ? withUpdated(changed, (task) => withProgress(task, deltas)) : changed;
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

/** Returns the tasks that a change was about, before and after it; not those that were seen so already. */
function stepsOf({ entry: { change }, task }: Done, see: See): Step[] {
  if (change.kind === 'create') {
    return task && see(task.id, task.version) ? [{ before: undefined, after: task }] : [];
  }
  const { base } = change;
  const before = change.kind === 'restore' ? undefined : base;
  const own = { before, after: task };
  const subtasks = change.kind === 'completeSubtasks' ? change.subtasks : [];
  const below = subtasks.map((one) => ({
    before: one,
    after: { ...one, completed: true, version: one.version + 1 },
  }));
  return [own, ...below].filter(({ before: old = base, after }) =>
    see(old.id, after?.version ?? old.version + 1),
  );
}

/** Whether the server changes other tasks along: those that come back, and the next one of a series. */
const changesOthers = ({ entry: { change }, task }: Done) =>
  change.kind === 'restore' ||
  (Boolean(task?.recurrence) &&
    change.kind !== 'skip' &&
    (change.kind !== 'update' || 'completed' in change.patch));

/** Records that a version was seen; returns whether it is news. */
type See = (id: string, version: number) => boolean;

/** Brings what the server has carried out into all lists that have been read. */
export function applyDone(
  client: QueryClient,
  owner: SeenOwner & { readonly see: See },
  done: readonly Done[],
): void {
  const queryKey = ['tasks', owner.user];
  const lists = taskLists(client, owner.user);
  const known = lists.flatMap(({ state }) => state.data?.pages.flatMap(({ data }) => data) ?? []);
  const deltas = progressDeltas(done.flatMap((one) => stepsOf(one, owner.see)));
  for (const list of lists) {
    // The server responds again, before the list has been read.
    if (list.state.error !== null)
      void client.invalidateQueries({ queryKey: list.queryKey, exact: true });
    const isReading = list.state.fetchStatus === 'fetching';
    applyToList(client, list, { done, known }, deltas);
    // A read on its way replaces the list, by what the server may have had before.
    const apply = () => {
      applyToList(client, list, { done, known });
      const isStale = isReading && deltas.size > 0;
      if (isStale) void client.invalidateQueries({ queryKey: list.queryKey, exact: true });
    };
    list.promise?.then(apply, apply);
  }
  refreshPlaces(client, owner.user, done);
  // The server knows which.
  if (done.some(changesOthers)) void client.invalidateQueries({ queryKey });
  // Without a database there is nothing to show without a connection, and no harm done.
  void keepDone(owner, done).catch(() => undefined);
}

async function keepDone(owner: SeenOwner, done: readonly Done[]): Promise<void> {
  const changed = done.flatMap(({ task }) => task ?? []);
  const deletions = done.flatMap(({ entry: { change }, task }) =>
    change.kind === 'delete' && task === undefined ? change : [],
  );
  const trashed = deletions.filter(({ isPermanent }) => !isPermanent).map(({ base }) => base);
  if (trashed.length > 0) {
    const seen = (await readSeenTasks(owner.user)).filter(({ isTrashed }) => !isTrashed);
    const roots = new Set(trashed.map(({ id }) => id));
    trashed.push(
      ...tasksBelow(
        roots,
        seen.map(({ task }) => task),
      ),
    );
  }
  const gone = deletions.filter(({ isPermanent }) => isPermanent).map(({ id }) => id);
  await keepSeenTasks(owner, changed, false);
  await keepSeenTasks(owner, trashed, true);
  await dropSeenTasks(owner, gone);
}
