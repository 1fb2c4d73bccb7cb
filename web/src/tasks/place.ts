import { isNew, type Task } from './task';

/** A place of a task, as the API takes it: beside a sibling, or at the end of its siblings. */
export interface Place {
  readonly parentId: string | null;
  readonly before?: string;
  readonly after?: string;
}

/** After every position: a task that the server has yet to place is the last of its siblings. */
const YET_TO_COME = '\uffff';

/** Returns what a task is compared by in the order that the person has given the tasks. */
export const positionKey = (task: Task): string =>
  isNew(task) && task.position === '' ? YET_TO_COME + task.createdAt : task.position;

export function compareByPosition(one: Task, other: Task): number {
  const [a, b] = [positionKey(one), positionKey(other)];
  if (a !== b) return a < b ? -1 : 1;
  return one.id < other.id ? -1 : 1;
}

const LOWEST = '\0';
const STEP = '\u0001';

/** Returns a position between two, to be shown until the server gives the task its own. */
function positionBetween(low: string, high: string | undefined): string {
  let position = low;
  while (high !== undefined && position + STEP >= high) position += LOWEST;
  return position + STEP;
}

/** Returns whether two tasks are in one order: those below one parent, or without one in one list. */
export const areSiblings = (one: Task, other: Task): boolean =>
  one.parentId === other.parentId && (one.parentId !== null || one.listId === other.listId);

/** Returns a task in another place among the tasks that are known here. */
export function placed(task: Task, to: Place, known: Iterable<Task>): Task {
  const others = [...known].filter(({ id }) => id !== task.id);
  const find = (id: string | null | undefined) => others.find((other) => other.id === id);
  const anchor = find(to.before ?? to.after);
  const listId = (anchor ?? find(to.parentId) ?? task).listId;
  const moved = { ...task, parentId: to.parentId, listId };
  const siblings = others.filter((other) => areSiblings(other, moved)).sort(compareByPosition);
  const index = anchor ? siblings.indexOf(anchor) : -1;
  const at = index === -1 ? siblings.length : index + (to.after === undefined ? 0 : 1);
  const [low, high] = [siblings[at - 1], siblings[at]];
  const position = positionBetween(low ? positionKey(low) : '', high && positionKey(high));
  return { ...moved, position };
}

/** Returns the place that a task has among its siblings, to move it back there. */
export function placeOf(task: Task, known: readonly Task[]): Place {
  const siblings = known.filter((other) => areSiblings(other, task)).sort(compareByPosition);
  const index = siblings.findIndex(({ id }) => id === task.id);
  const { parentId } = task;
  const [previous, next] = [siblings[index - 1], siblings[index + 1]];
  if (previous) return { parentId, after: previous.id };
  return next ? { parentId, before: next.id } : { parentId };
}
