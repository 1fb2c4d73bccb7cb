import type { TaskEntry } from '../changes/entry';
import { isNewAmongSiblings } from './entry-steps';
import { offlineDb, type SeenOwner, type SeenTask } from './offline-db';
import { progressDeltas, type Step, withProgress } from './progress';
import type { Task } from './task';

const NO_SUBTASKS = { total: 0, completed: 0 };

/** Returns a task with the number of subtasks that were seen: entries do not count them. */
const counted = (task: Task, seen: SeenTask | undefined): Task => ({
  ...task,
  subtasks: seen?.task.subtasks ?? NO_SUBTASKS,
});

/** Keeps what has changed elsewhere for the time without a connection, unless something newer is there. */
export async function keepEntries(owner: SeenOwner, entries: readonly TaskEntry[]): Promise<void> {
  const db = await offlineDb();
  if (owner.isClosed) return;
  const { user } = owner;
  const { store, done } = db.transaction('tasks', 'readwrite');
  const steps: Step[] = [];
  for (const entry of entries) {
    const { id, type, version, task } = entry;
    const seen = await store.get([user, id]);
    if (task !== null && seen !== undefined && seen.task.version >= version) continue;
    const isTrashed = type === 'task.trashed';
    if (task === null) void store.delete([user, id]);
    else void store.put({ user, id, isTrashed, task: counted(task, seen) });
    const before = seen?.isTrashed === false ? seen.task : undefined;
    const after = isTrashed || task === null ? undefined : task;
    if (seen !== undefined || isNewAmongSiblings(entry)) steps.push({ before, after });
  }
  const deltas = progressDeltas(steps);
  for (const id of deltas.keys()) {
    const parent = await store.get([user, id]);
    if (parent) void store.put({ ...parent, task: withProgress(parent.task, deltas) });
  }
  await done;
}
