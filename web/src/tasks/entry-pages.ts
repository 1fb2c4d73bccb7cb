import type { TaskEntry } from '../changes/entry';
import { compareTasks, type LocalFilter, matches, sortOf } from './filter';
import { listedTask, type TaskPages, withInserted, withoutTasks, withReplaced } from './task-pages';

/**
 * Brings what was changed elsewhere into a list: a task comes, goes, and takes the place that the sort has for
 * it. `isInPlace`: it stays where it is, as a task does that the person is changing.
 */
export function withEntry(
  data: TaskPages,
  { id, type, task }: TaskEntry,
  filter: LocalFilter,
  isInPlace: boolean,
): TaskPages {
  const isOfTrash = filter.view === 'trash';
  const listed = listedTask(data, id);
  if (task === null || (type === 'task.trashed') !== isOfTrash) {
    return listed ? withoutTasks(data, new Set([id])) : data;
  }
  // The server decides where a task gets in the trash, and which ones words find: the list is read again.
  if (isOfTrash || filter.search.q !== undefined) return withReplaced(data, task);
  if (listed && listed.version >= task.version) return data;
  if (listed && isInPlace) return withReplaced(data, task);
  const isListed = matches(task, filter);
  if (!listed) return isListed ? withInserted(data, task, filter) : data;
  if (!isListed) return withoutTasks(data, new Set([id]));
  const fresh = listed.subtasks ? { ...task, subtasks: listed.subtasks } : task;
  const hasKey = compareTasks(listed, fresh, sortOf(filter.view, filter.search)) === 0;
  return hasKey
    ? withReplaced(data, fresh)
    : withInserted(withoutTasks(data, new Set([id])), fresh, filter);
}
