import type { TaskPage } from '@taskward/client';
import { compareTasks, type LocalFilter, matches, sortOf } from './filter';
import {
  dropSeenTasks,
  keepSeenTasks,
  readSeenTasks,
  type SeenOwner,
  type SeenTask,
} from './offline-db';
import type { Task } from './task';

const isOfList = ({ task, isTrashed }: SeenTask, filter: LocalFilter) =>
  filter.view === 'trash' ? isTrashed : !isTrashed && matches(task, filter);

/** Returns the part of a list that this device has seen, while the server's is not there. */
export function seenList(seen: readonly SeenTask[], filter: LocalFilter): Task[] {
  const sort = sortOf(filter.view, filter.search);
  return seen
    .filter((one) => isOfList(one, filter))
    .map(({ task }) => task)
    .sort((one, other) => compareTasks(one, other, sort));
}

/**
 * Returns the tasks that should be on the first page of a list, by what this device has seen, and are
 * not: they were deleted or changed elsewhere. Words and titles are compared by the server alone.
 */
export function missingTasks(
  seen: readonly SeenTask[],
  filter: LocalFilter,
  { data, nextCursor }: TaskPage,
): string[] {
  const sort = sortOf(filter.view, filter.search);
  const last = data.at(-1);
  if (filter.search.q !== undefined || sort.endsWith('title')) return [];
  const listed = new Set(data.map(({ id }) => id));
  const isBeforeEnd = (task: Task) =>
    nextCursor === null || (last !== undefined && compareTasks(task, last, sort) < 0);
  return seen
    .filter((one) => !listed.has(one.id) && isOfList(one, filter) && isBeforeEnd(one.task))
    .map(({ id }) => id);
}

/** Keeps a page for the time without a connection, and forgets what it shows to be gone. */
export async function keepPage(
  owner: SeenOwner,
  filter: LocalFilter,
  page: TaskPage,
  isFirst: boolean,
): Promise<void> {
  if (isFirst) {
    const seen = await readSeenTasks(owner.user);
    await dropSeenTasks(owner, missingTasks(seen, filter, page));
  }
  await keepSeenTasks(owner, page.data, filter.view === 'trash');
}
