import type { TaskPage } from '@taskward/client';
import type { InfiniteData } from '@tanstack/react-query';
import { compareTasks, type LocalFilter, sortOf } from './filter';
import type { Task } from './task';

/** A list of tasks, as far as it has been read. */
export type TaskPages = InfiniteData<TaskPage, string>;

/** Replaces pages; returns the same list if none has changed. */
function withPages(data: TaskPages, update: (page: TaskPage) => TaskPage): TaskPages {
  const pages = data.pages.map(update);
  return pages.every((page, i) => page === data.pages[i]) ? data : { ...data, pages };
}

export const withoutTasks = (data: TaskPages, ids: ReadonlySet<string>): TaskPages =>
  withPages(data, (page) =>
    page.data.some(({ id }) => ids.has(id))
      ? { ...page, data: page.data.filter(({ id }) => !ids.has(id)) }
      : page,
  );

/** Replaces tasks where they are. */
export const withUpdated = (data: TaskPages, update: (task: Task) => Task): TaskPages =>
  withPages(data, (page) => {
    const tasks = page.data.map(update);
    return tasks.every((task, i) => task === page.data[i]) ? page : { ...page, data: tasks };
  });

/** Returns a task as a list has it. */
export function listedTask(data: TaskPages, id: string): Task | undefined {
  for (const page of data.pages) {
    const found = page.data.find((task) => task.id === id);
    if (found) return found;
  }
  return undefined;
}

/** Replaces an older version of a task where it is: it stays there until the list is read again. */
export function withReplaced(data: TaskPages, task: Task): TaskPages {
  return withUpdated(data, (other) => {
    if (other.id !== task.id || other.version >= task.version) return other;
    // The response to a change does not count subtasks.
    return other.subtasks ? { ...task, subtasks: other.subtasks } : task;
  });
}

/** Inserts a task where the sort has it, unless that is on a page that has not been read. */
export function withInserted(
  data: TaskPages,
  task: Task,
  { view, search }: LocalFilter,
): TaskPages {
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
