import type { TaskEntry } from '../changes/entry';
import type { Step } from './progress';
import type { Task } from './task';

/** A task as the lists have it that were read; in some of them it may be older. */
export interface KnownTask {
  readonly task: Task;
  readonly isOlderSomewhere: boolean;
}

/** Changes of the numbers of subtasks that follow from entries of the log. */
export interface EntrySteps {
  readonly steps: readonly Step[];
  /** The tasks whose numbers do not follow from what is known. */
  readonly unclear: ReadonlySet<string>;
}

/** Returns the tasks of lists by their ids, each as the newest of them. */
export function knownTasks(lists: Iterable<readonly Task[]>): Map<string, KnownTask> {
  const known = new Map<string, KnownTask>();
  for (const tasks of lists) {
    for (const task of tasks) {
      const before = known.get(task.id);
      const isOlderSomewhere =
        before !== undefined && (before.isOlderSomewhere || before.task.version !== task.version);
      const isNewer = before === undefined || before.task.version < task.version;
      known.set(task.id, { task: isNewer ? task : before.task, isOlderSomewhere });
    }
  }
  return known;
}

/** Whether a task was not among the subtasks of its parent before. */
export const isNewAmongSiblings = ({ type }: TaskEntry) =>
  type === 'task.created' || type === 'task.restored';

/** Returns how entries change the numbers of subtasks, given the tasks of the lists before. */
export function entrySteps(
  entries: readonly TaskEntry[],
  known: ReadonlyMap<string, KnownTask>,
): EntrySteps {
  const steps: Step[] = [];
  const unclear = new Set<string>();
  for (const entry of entries) {
    const { task, version } = entry;
    const found = known.get(entry.id);
    const after = entry.type === 'task.trashed' || task === null ? undefined : task;
    const parents = [found?.task.parentId, after?.parentId].filter((id) => typeof id === 'string');
    if (found?.isOlderSomewhere) for (const id of parents) unclear.add(id);
    else if (found && found.task.version >= version) continue;
    else if (found || isNewAmongSiblings(entry)) steps.push({ before: found?.task, after });
    else for (const id of [entry.id, task?.parentId]) if (id) unclear.add(id);
  }
  return { steps, unclear };
}
