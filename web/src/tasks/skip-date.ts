import { ProblemError } from '@taskward/client';
import type { Task } from './task';
import type { TaskSession } from './task-session';

/** Moves a task that repeats to its next date, which only the server knows: it takes a connection. */
export async function skipDate(session: TaskSession, task: Task): Promise<void> {
  const { client } = session.options;
  const base = session.latest(task);
  const { id, version } = base;
  const header = { 'If-Match': `"${String(version)}"` };
  try {
    const { data } = await client.POST('/api/v1/tasks/{id}/skip', {
      params: { path: { id }, header },
    });
    const change = { kind: 'update' as const, id, base, patch: {} };
    session.adopt({ seq: 0, key: '', change }, data);
    session.actions.report({ name: 'skipped', tasks: [data] });
  } catch (error) {
    const rule = error instanceof ProblemError ? error.code : 'offline';
    const detail = error instanceof Error ? error.message : '';
    session.actions.report({ name: 'notSkipped', tasks: [task], values: { rule, detail } });
  }
}
