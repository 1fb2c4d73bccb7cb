import type { Task } from './task';

/** A change of the numbers of a task's subtasks. */
interface Delta {
  readonly total: number;
  readonly completed: number;
}

export type Deltas = ReadonlyMap<string, Delta>;

/** A task before and after a change; absent where it is not in the lists. */
export interface Step {
  readonly before: Task | undefined;
  readonly after: Task | undefined;
}

/** Returns by how much changes of tasks change the numbers of their parents' subtasks. */
export function progressDeltas(steps: Iterable<Step>): Deltas {
  const deltas = new Map<string, Delta>();
  const count = (task: Task | undefined, by: number) => {
    if (task === undefined || task.parentId === null) return;
    const { total, completed } = deltas.get(task.parentId) ?? { total: 0, completed: 0 };
    const done = task.completed ? by : 0;
    deltas.set(task.parentId, { total: total + by, completed: completed + done });
  };
  for (const { before, after } of steps) {
    count(before, -1);
    count(after, 1);
  }
  return deltas;
}

/** Returns a task with other numbers of subtasks; the same task if they stay. */
export function withProgress<T extends Task>(task: T, deltas: Deltas): T {
  const delta = deltas.get(task.id);
  if (delta === undefined || (delta.total === 0 && delta.completed === 0)) return task;
  const { total, completed } = task.subtasks ?? { total: 0, completed: 0 };
  const subtasks = {
    total: Math.max(0, total + delta.total),
    completed: Math.max(0, completed + delta.completed),
  };
  return { ...task, subtasks };
}

/** Returns the number of a task's open subtasks, of the next level. */
export const openSubtasks = ({ subtasks }: Task): number =>
  subtasks === undefined ? 0 : Math.max(0, subtasks.total - subtasks.completed);
