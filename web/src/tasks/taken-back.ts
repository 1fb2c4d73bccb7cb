import type { TakenBack } from './done-channel';
import type { TaskSession } from './task-session';

/** Reports a move or a skipped date that was taken back, and shows the task as the server has it. */
export function explainTakenBack(session: TaskSession, { entry, failure }: TakenBack): void {
  const { change } = entry;
  if (change.kind === 'create') return;
  const tasks = [change.base];
  const isSkip = change.kind === 'skip';
  if (failure.kind === 'conflict') {
    if (failure.current) session.adopt(entry, failure.current);
    session.actions.report({ name: isSkip ? 'changedElsewhere' : 'movedElsewhere', tasks });
    return;
  }
  const { rule = '', code = '', detail = '' } = failure.kind === 'refused' ? failure : {};
  const values = { rule: isSkip ? code : rule, detail };
  session.actions.report({ name: isSkip ? 'notSkipped' : 'notMoved', tasks, values });
}
