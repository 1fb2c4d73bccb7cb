import { enqueue, isOpen, type Queue } from './change';
import { withdraw } from './queue';
import type { Task } from './task';
import type { TaskSession } from './task-session';

/** A rule that counts its dates would begin anew at a date that is set. */
const isCounted = ({ recurrence }: Task) => /(?:^|;)COUNT=/i.test(recurrence?.rule ?? '');

/** Withdraws a skip that waits; after one that was sent, the task gets the due back that it had. */
function withoutSkip(session: TaskSession, queue: Queue, task: Task): Queue {
  const base = session.latest(task);
  const { id } = base;
  const skip = queue.findLast(({ change }) => change.id === id && change.kind === 'skip');
  if (skip && isOpen(skip)) return withdraw(queue, skip);
  const isOnItsWay = skip?.change.kind === 'skip';
  const due = isOnItsWay ? skip.change.base.due : (session.skipped.take(id) ?? task.due);
  return enqueue(queue, { kind: 'update', id, base, patch: { due } });
}

/** Moves a task that repeats to its next date. */
export async function skipDate(session: TaskSession, task: Task): Promise<void> {
  const base = session.latest(task);
  const tasks = [base];
  const undo = () => session.changeQueue((queue) => withoutSkip(session, queue, base));
  const action = isCounted(base)
    ? ({ name: 'skippedForGood', tasks } as const)
    : ({ name: 'skipped', tasks, undo } as const);
  await session.take(action, [{ kind: 'skip', id: base.id, base }]);
}
