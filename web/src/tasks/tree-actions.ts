import type { Change } from './change';
import { type Obstacle, whereabouts } from './moves';
import { type Place, placeOf } from './place';
import type { Task } from './task';
import type { TaskSession } from './task-session';
import { tasksBelow } from './tree';

/** Moves a task, and reports where it is now. `known`: the tasks of the list. */
export function moveTask(
  session: TaskSession,
  task: Task,
  to: Place,
  known: readonly Task[],
): Promise<boolean> {
  const change = (place: Place): Change => {
    const base = session.latest(task);
    return { kind: 'move', id: base.id, base, to: place };
  };
  const back = placeOf(task, known);
  const { place, total, parent } = whereabouts(task, to, known);
  const name = parent && to.parentId !== task.parentId ? 'movedBelow' : 'moved';
  const values = { place, total, parent: parent?.title ?? '' };
  const undo = () => session.send([change(back)]);
  return session.take({ name, tasks: [task], values, undo }, [change(to)]);
}

/** Reports that a task stays where it is, and why. */
export const explainObstacle = (session: TaskSession, task: Task, rule: Obstacle | 'otherOrder') =>
  session.actions.report({ name: 'notMoved', tasks: [task], values: { rule, detail: '' } });

/** Identifiers that the API's filter `parent` takes at once. */
const MAX_IDS = 50;

/** Reads the open tasks below a task, level by level; a level that cannot be read is left out. */
async function readOpenBelow(session: TaskSession, task: Task): Promise<Task[]> {
  const found: Task[] = [];
  let level = [session.idOf(task.id)];
  while (level.length > 0) {
    const query = { parent: level.slice(0, MAX_IDS).join(','), completed: false, limit: 200 };
    const { data } = await session.options.client.GET('/api/v1/tasks', { params: { query } });
    found.push(...data.data);
    level = [...level.slice(MAX_IDS), ...data.data.map(({ id }) => id)];
  }
  return found;
}

/**
 * Completes all tasks below one that is completed. What the server does not tell, it completes all the
 * same; only what is known here can be reopened by an undo.
 */
export async function completeSubtasks(
  session: TaskSession,
  task: Task,
  known: readonly Task[],
): Promise<void> {
  const listed = tasksBelow(new Set([task.id]), known).filter(({ completed }) => !completed);
  const subtasks = await readOpenBelow(session, task).catch(() => listed);
  const base = session.latest(task);
  const change: Change = { kind: 'completeSubtasks', id: base.id, base, subtasks };
  const undo = () =>
    session.send(
      subtasks.map((subtask) => {
        // Each has one version more by then.
        const { version } = subtask;
        const done = session.latest({ ...subtask, completed: true, version: version + 1 });
        return { kind: 'update', id: done.id, base: done, patch: { completed: false } };
      }),
    );
  await session.take({ name: 'completedBelow', tasks: [base], undo }, [change]);
}
