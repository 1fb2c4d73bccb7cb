import { type Change, type Entry, isLocal, type Queue } from './change';
import { compareTasks, type LocalFilter, matches, sortOf } from './filter';
import { EMPTY_FIELDS, NO_PLACE, type Task } from './task';

/** A task with the changes that wait, as the list shows it. */
export type ShownTask = Task & {
  readonly isWaiting?: boolean;
  readonly failure?: Entry['failure'];
};

/** A task that the server does not know yet. */
const newTask = (change: Extract<Change, { kind: 'create' }>): Task => ({
  ...EMPTY_FIELDS,
  ...change.fields,
  ...NO_PLACE,
  tags: [...change.fields.tags],
  id: change.id,
  completedAt: change.fields.completed ? change.at : null,
  createdAt: change.at,
  updatedAt: change.at,
  version: 0,
});

/** A task, and where it is, after the changes that wait. */
interface Changed {
  readonly task: Task;
  readonly place: 'list' | 'trash' | 'nowhere';
  readonly failure?: Entry['failure'];
}

function apply(before: Changed | undefined, { change, failure }: Entry): Changed {
  const known = failure ?? before?.failure;
  if (change.kind === 'create') return { task: newTask(change), place: 'list', failure };
  const task = before?.task ?? change.base;
  if (change.kind === 'restore') return { task, place: 'list', failure: known };
  if (change.kind === 'delete') {
    const place = change.isPermanent || isLocal(change.id) ? 'nowhere' : 'trash';
    return { task, place, failure: known };
  }
  return {
    task: { ...task, ...change.patch } as Task,
    place: before?.place ?? 'list',
    failure: known,
  };
}

/** Returns the id that the server gave to a task that was made here. */
type Resolve = (id: string) => string;

type Home = 'list' | 'trash';

/** Returns the tasks that changes wait for, by id. Tasks that are listed start from what the list has. */
function changedTasks(
  queue: Queue,
  tasks: readonly Task[],
  place: Home,
  resolve: Resolve,
): Map<string, Changed> {
  const listed = new Map(tasks.map((task) => [task.id, task]));
  const changed = new Map<string, Changed>();
  for (const entry of queue) {
    const id = resolve(entry.change.id);
    const task = listed.get(id);
    // The server has just made it, and its entry is about to leave the queue.
    if (entry.change.kind === 'create' && task !== undefined) continue;
    const before = changed.get(id) ?? (task && { task, place });
    changed.set(id, apply(before, entry));
  }
  return changed;
}

const belongs = ({ task, place }: Changed, filter: LocalFilter) =>
  filter.view === 'trash' ? place === 'trash' : place === 'list' && matches(task, filter);

/** Inserts a task where the sort has it. */
function insertSorted<T extends Task>(tasks: T[], task: T, filter: LocalFilter): void {
  const sort = sortOf(filter.view, filter.search);
  const index = tasks.findIndex((other) => compareTasks(task, other, sort) < 0);
  tasks.splice(index === -1 ? tasks.length : index, 0, task);
}

const waiting = ({ task, failure }: Changed): ShownTask => ({ ...task, isWaiting: true, failure });

/**
 * Returns a list with the changes that wait. A task that is listed stays where it is, even if it does not
 * fit any more, until the list is read again: what was just completed does not jump away.
 */
export function overlay(
  listed: readonly Task[],
  queue: Queue,
  filter: LocalFilter,
  resolve: Resolve = (id) => id,
): ShownTask[] {
  if (queue.length === 0) return [...listed];
  const home = filter.view === 'trash' ? 'trash' : 'list';
  const changed = changedTasks(queue, listed, home, resolve);
  const shown: ShownTask[] = [];
  for (const task of listed) {
    const found = changed.get(task.id);
    if (found === undefined) shown.push(task);
    else if (found.place === home) shown.push(waiting(found));
    changed.delete(task.id);
  }
  for (const found of changed.values()) {
    if (belongs(found, filter)) insertSorted(shown, waiting(found), filter);
  }
  return shown;
}
