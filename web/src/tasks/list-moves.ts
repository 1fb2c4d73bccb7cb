import type { List } from '../lists/list';
import type { Change } from './change';
import { placeOf } from './place';
import type { Task } from './task';
import type { TaskSession } from './task-session';
import { tasksBelow } from './tree';

interface ListMoveOptions {
  /** The list that the tasks go to; none takes them out of theirs. */
  readonly list: Pick<List, 'id' | 'name'> | undefined;
  /** The tasks of the page. */
  readonly known: readonly Task[];
}

/**
 * Moves tasks to another list, as batches. Subtasks go along with their task; one that is moved without
 * it becomes a task of its own.
 */
export function moveToList(
  session: TaskSession,
  tasks: readonly Task[],
  { list, known }: ListMoveOptions,
): Promise<boolean> {
  const listId = list?.id ?? null;
  const along = new Set(tasksBelow(new Set(tasks.map(({ id }) => id)), known).map(({ id }) => id));
  const moved = tasks.filter((task) => !along.has(task.id) && task.listId !== listId);
  const isSubtask = ({ parentId }: Task) => parentId !== null;
  const update = (task: Task, to: string | null): Change => {
    const base = session.latest(task);
    return { kind: 'update', id: base.id, base, patch: { listId: to } };
  };
  const move = (task: Task, to: Extract<Change, { kind: 'move' }>['to']): Change => {
    const base = session.latest(task);
    return { kind: 'move', id: base.id, base, to };
  };
  const undo = () =>
    session.send(
      moved.map((task) =>
        isSubtask(task) ? move(task, placeOf(task, known)) : update(task, task.listId),
      ),
    );
  const changes = [
    ...moved.filter(isSubtask).map((task) => move(task, { parentId: null })),
    ...moved.map((task) => update(task, listId)),
  ];
  const name = list === undefined ? 'unlisted' : 'listed';
  const values = { list: list?.name ?? '' };
  return session.take({ name, tasks: moved, values, undo }, changes);
}
