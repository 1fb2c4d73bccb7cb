import { areSiblings, compareByPosition, type Place, placed } from './place';
import type { ShownTask } from './overlay';
import type { Task } from './task';

/** The ways to move a task by keys or buttons. */
export type Direction = 'up' | 'down' | 'indent' | 'outdent';

/** The reason for which a task stays where it is, with its text in the catalogue. */
export type Obstacle = 'first' | 'last' | 'nothingAbove' | 'noParent' | 'too_deep';

const MAX_ANCESTORS = 4;

/** Returns a task's siblings in the order in which a list shows them, and the task itself. */
function siblingsOf(task: Task, shown: readonly Task[]): Task[] {
  return shown.filter((other) => areSiblings(other, task));
}

/** Returns the number of levels below a task, as far as they are known here. */
function levelsBelow(task: Task, known: readonly Task[], depth = 0): number {
  if (depth > MAX_ANCESTORS) return 0;
  const children = known.filter(({ parentId }) => parentId === task.id);
  return Math.max(0, ...children.map((child) => 1 + levelsBelow(child, known, depth + 1)));
}

/** Returns the number of a task's ancestors that are known here. */
export function ancestorCount(
  { parentId }: Pick<Task, 'parentId'>,
  known: readonly Task[],
): number {
  let count = 0;
  let id = parentId;
  while (id !== null && count <= MAX_ANCESTORS) {
    count += 1;
    id = known.find((other) => other.id === id)?.parentId ?? null;
  }
  return count;
}

/** Returns whether a task may be at a depth, with all that is below it. */
export const fits = (task: Task, ancestors: number, known: readonly Task[]): boolean =>
  ancestors + levelsBelow(task, known) <= MAX_ANCESTORS;

/** Returns where a task goes, or the reason for which it stays. `rows` has the order of the list. */
export function placeTowards(
  task: ShownTask,
  direction: Direction,
  { rows, known }: { rows: readonly Task[]; known: readonly Task[] },
): Place | Obstacle {
  const { parentId } = task;
  const siblings = siblingsOf(task, rows);
  const index = siblings.findIndex(({ id }) => id === task.id);
  const [previous, next] = [siblings[index - 1], siblings[index + 1]];
  if (direction === 'up') return previous ? { parentId, before: previous.id } : 'first';
  if (direction === 'down') return next ? { parentId, after: next.id } : 'last';
  if (direction === 'indent') {
    if (previous === undefined) return 'nothingAbove';
    const isRoom = fits(task, ancestorCount(task, known) + 1, known);
    return isRoom ? { parentId: previous.id } : 'too_deep';
  }
  const parent = known.find(({ id }) => id === parentId);
  if (parentId === null) return 'noParent';
  return parent ? { parentId: parent.parentId, after: parent.id } : { parentId: null };
}

/** The values of the message about a move: the place among the new siblings, and their parent. */
export interface Whereabouts {
  readonly place: number;
  readonly total: number;
  readonly parent: Task | undefined;
}

/** Returns where a move puts a task, as far as its siblings are known here. */
export function whereabouts(task: Task, to: Place, known: readonly Task[]): Whereabouts {
  const moved = placed(task, to, known);
  const others = known.filter((other) => other.id !== task.id && areSiblings(other, moved));
  const siblings = [...others, moved].sort(compareByPosition);
  return {
    place: siblings.indexOf(moved) + 1,
    total: siblings.length,
    parent: known.find(({ id }) => id === to.parentId),
  };
}
