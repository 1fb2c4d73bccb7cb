import { ancestorCount, fits } from './moves';
import type { ShownTask } from './overlay';
import type { Place } from './place';
import { tasksBelow } from './tree';

/** A gap between two rows, into which a task is dropped at one of the levels that it has there. */
export interface Drop {
  readonly place: Place;
  readonly depth: number;
  /** Row before which the task is inserted; the number of rows for the end. */
  readonly gap: number;
}

interface Dragged {
  readonly task: ShownTask;
  /** Row before which the pointer is. */
  readonly gap: number;
  /** Level that the person aims at. */
  readonly depth: number;
}

const depthOf = (row: ShownTask | undefined) => row?.nesting?.depth ?? 0;

/** Returns the place of a task without a parent: beside one of its own list, whose order it has. */
function topPlace(
  task: ShownTask,
  above: readonly ShownTask[],
  below: readonly ShownTask[],
): Place {
  const isPeer = ({ parentId, listId }: ShownTask) => parentId === null && listId === task.listId;
  const previous = above.findLast(isPeer);
  if (previous) return { parentId: null, after: previous.id };
  const next = below.find(isPeer);
  return next ? { parentId: null, before: next.id } : { parentId: null };
}

function placeAt(
  task: ShownTask,
  depth: number,
  above: readonly ShownTask[],
  below: readonly ShownTask[],
): Place {
  if (depth === 0) return topPlace(task, above, below);
  const parent = above.findLast((row) => depthOf(row) === depth - 1);
  const parentId = parent?.id ?? null;
  const previous = above.findLast((row) => depthOf(row) <= depth);
  if (previous?.parentId === parentId) return { parentId, after: previous.id };
  const [next] = below;
  return next?.parentId === parentId ? { parentId, before: next.id } : { parentId };
}

/**
 * Returns where a task goes that is dropped between two rows; undefined if it cannot be there. It is at
 * least as deep as the row that follows, and at most one level below the row before.
 */
export function dropOf(
  { task, gap, depth }: Dragged,
  rows: readonly ShownTask[],
  known: readonly ShownTask[],
): Drop | undefined {
  const own = new Set([task.id, ...tasksBelow(new Set([task.id]), rows).map(({ id }) => id)]);
  const above = rows.slice(0, gap).filter(({ id }) => !own.has(id));
  const below = rows.slice(gap).filter(({ id }) => !own.has(id));
  const last = above.at(-1);
  const max = last ? depthOf(last) + 1 : 0;
  const min = Math.min(depthOf(below[0]), max);
  for (let level = Math.max(min, Math.min(depth, max)); level >= min; level -= 1) {
    const place = placeAt(task, level, above, below);
    const ancestors = ancestorCount(place, known);
    if (fits(task, ancestors, known)) return { place, depth: level, gap };
  }
  return undefined;
}
