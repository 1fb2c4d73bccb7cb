import type { LocalFilter } from './filter';
import { sortOf } from './filter';
import type { ShownTask } from './overlay';
import { openSubtasks } from './progress';
import { statusOf } from './search';
import type { Task } from './task';

/** Place of a row in the tree. */
export interface Nesting {
  readonly depth: number;
  /** Whether its subtasks are hidden; absent for a task without any. */
  readonly isFolded?: boolean;
}

const NESTED_SORTS = new Set(['position', 'createdAt', '-createdAt', 'title', '-title']);

/**
 * Returns whether a list shows subtasks below their parents. Words and filters find subtasks without their
 * parents, and what is due or important next is not to be hidden below something else.
 */
export function isNested({ view, search }: LocalFilter): boolean {
  const { q, tags, priority, due } = search;
  const isNarrowed = [q, tags, priority, due].some((value) => value !== undefined);
  return view === 'all' && !isNarrowed && NESTED_SORTS.has(sortOf(view, search));
}

/**
 * Returns whether a list is in the order that the person gives it. It is read by levels: first the tasks
 * without a parent, then the subtasks of each task that is unfolded.
 */
export const isOrdered = (filter: LocalFilter): boolean =>
  isNested(filter) && sortOf(filter.view, filter.search) === 'position';

/** Returns the tasks by id, to walk up from one to its ancestors. */
const byId = (tasks: readonly Task[]) => new Map(tasks.map((task) => [task.id, task]));

/** Returns the ids of a task's ancestors that are among the given tasks, or known to be its parent. */
function ancestorsOf(task: Task, tasks: ReadonlyMap<string, Task>): Set<string> {
  const found = new Set<string>();
  let { parentId } = task;
  while (parentId !== null && !found.has(parentId)) {
    found.add(parentId);
    parentId = tasks.get(parentId)?.parentId ?? null;
  }
  return found;
}

/** Returns the tasks that are below any of those with the given ids. */
export function tasksBelow<T extends Task>(ids: ReadonlySet<string>, tasks: readonly T[]): T[] {
  const known = byId(tasks);
  return tasks.filter((task) => [...ancestorsOf(task, known)].some((id) => ids.has(id)));
}

/** Leaves out the tasks that are below others of them. */
export function topmost<T extends Task>(tasks: readonly T[], known: readonly Task[]): T[] {
  const below = new Set(tasksBelow(new Set(tasks.map(({ id }) => id)), known).map(({ id }) => id));
  return tasks.filter(({ id }) => !below.has(id));
}

interface NestOptions {
  /** Whether a task is shown on its own, because its parent is on another page. */
  readonly isLoose: (task: Task) => boolean;
  readonly isFolded: (task: Task) => boolean;
  /** Whether a task has subtasks of the kind that the list shows, which may not have been read. */
  readonly hasSubtasks: (task: Task) => boolean;
}

/** Returns the rows of a tree: each task is followed by its subtasks, in the order of the list. */
export function nest(tasks: readonly ShownTask[], options: NestOptions): ShownTask[] {
  const known = byId(tasks);
  const children = new Map<string | null, ShownTask[]>();
  for (const task of tasks) {
    const { parentId } = task;
    const isBelow = parentId !== null && known.has(parentId) && !options.isLoose(task);
    // Read at different times, two tasks can each be below the other.
    const key = isBelow && !ancestorsOf(task, known).has(task.id) ? parentId : null;
    const siblings = children.get(key);
    if (siblings) siblings.push(task);
    else children.set(key, [task]);
  }
  const rows: ShownTask[] = [];
  const add = (parent: string | null, depth: number) => {
    for (const task of children.get(parent) ?? []) {
      const isParent = children.has(task.id) || options.hasSubtasks(task);
      const isFolded = isParent ? options.isFolded(task) : undefined;
      rows.push({ ...task, nesting: { depth, ...(isFolded !== undefined && { isFolded }) } });
      if (isFolded !== true) add(task.id, depth + 1);
    }
  };
  add(null, 0);
  return rows;
}

/** Returns whether a task has subtasks that a list with a filter shows. */
export function hasShownSubtasks(task: Task, { view, search }: LocalFilter): boolean {
  const status = statusOf(view, search);
  if (status === 'open') return openSubtasks(task) > 0;
  return (task.subtasks?.[status === 'done' ? 'completed' : 'total'] ?? 0) > 0;
}
