import { type Changed, ChangedTasks, type Resolve } from './changed-tasks';
import type { Entry, Queue } from './change';
import { compareTasks, type LocalFilter, matches, sortOf } from './filter';
import { progressDeltas, type Step, withProgress } from './progress';
import { sentCreates } from './queue';
import type { Task } from './task';
import { type Nesting, tasksBelow } from './tree';

/** A task with the changes that wait, as the list shows it. */
export type ShownTask = Task & {
  readonly isWaiting?: boolean;
  readonly failure?: Entry['failure'];
  /** Its place in the tree, in a list that shows one. */
  readonly nesting?: Nesting;
};

const belongs = ({ task, place }: Changed, filter: LocalFilter) =>
  filter.view === 'trash' ? place === 'trash' : place === 'list' && matches(task, filter);

/** Inserts a task where the sort has it. */
function insertSorted<T extends Task>(tasks: T[], task: T, filter: LocalFilter): void {
  const sort = sortOf(filter.view, filter.search);
  const index = tasks.findIndex((other) => compareTasks(task, other, sort) < 0);
  tasks.splice(index === -1 ? tasks.length : index, 0, task);
}

const waiting = ({ task, failure }: Changed): ShownTask => ({ ...task, isWaiting: true, failure });

const stepOf = ({ before, task, place }: Changed): Step => ({
  before,
  after: place === 'list' ? task : undefined,
});

/** Leaves out the tasks below those that were moved to the trash: they go along. */
function withoutSubtrees(
  shown: readonly ShownTask[],
  changed: ReadonlyMap<string, Changed>,
): readonly ShownTask[] {
  const gone = new Set<string>();
  for (const [id, { place, before }] of changed) if (before && place !== 'list') gone.add(id);
  if (gone.size === 0) return shown;
  const below = new Set(tasksBelow(gone, shown));
  return shown.filter((task) => !below.has(task));
}

/** How much later a device's clock may be than the server's. */
const MAX_CLOCK_SKEW_MS = 60 * 60 * 1000;

/**
 * Leaves out tasks that the server may have made of creates without a response: each is shown as its change
 * until that comes. `isMadeHere`: whether the response that made a task has come.
 */
export function withoutTwins(
  listed: readonly Task[],
  queue: Queue,
  isMadeHere: (id: string) => boolean,
): readonly Task[] {
  const creates = sentCreates(queue);
  if (creates.length === 0) return listed;
  const isTwin = ({ id, title, version, createdAt }: Task) =>
    version === 1 &&
    !isMadeHere(id) &&
    creates.some(
      (create) =>
        create.title === title && Date.parse(createdAt) > create.sentAt - MAX_CLOCK_SKEW_MS,
    );
  return listed.filter((task) => !isTwin(task));
}

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
  const changes = new ChangedTasks(listed, home, resolve);
  for (const entry of queue) changes.apply(entry);
  const changed = new Map(changes.all);
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
  const deltas = progressDeltas([...changes.all.values()].map(stepOf));
  return withoutSubtrees(shown, changes.all).map((task) => withProgress(task, deltas));
}
