import { enqueue, isOpen, type Queue } from '../tasks/change';
import { withdraw } from '../tasks/queue';
import type { Task } from '../tasks/task';
import type { TaskSession } from '../tasks/task-session';

/** Withdraws a restored version that waits; otherwise, the version before it is restored. */
function withoutRevert(session: TaskSession, queue: Queue, before: Task): Queue {
  const base = session.latest(before);
  const { id } = base;
  const last = queue.findLast(({ change }) => change.id === id);
  if (last?.change.kind === 'revert' && isOpen(last)) return withdraw(queue, last);
  return enqueue(queue, { kind: 'revert', id, base, version: before.version });
}

/** Restores the content of an earlier version, as a version of its own. */
export function revertTask(session: TaskSession, task: Task, version: number): Promise<boolean> {
  const base = session.latest(task);
  const undo = () => session.changeQueue((queue) => withoutRevert(session, queue, base));
  return session.take({ name: 'reverted', tasks: [base], values: { version }, undo }, [
    { kind: 'revert', id: base.id, base, version },
  ]);
}
