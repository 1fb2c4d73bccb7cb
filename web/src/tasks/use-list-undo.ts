import type { List } from '../lists/list';
import type { OnRemoved } from '../lists/remove-dialog';
import { useListActions } from '../lists/use-list-actions';
import type { Task } from './task';
import { useTasks } from './task-context';
import type { TaskSession } from './task-session';

/** Reads those of the kept tasks that no one has put elsewhere since. */
async function readKept(session: TaskSession, kept: ReadonlySet<string>): Promise<Task[]> {
  const found: Task[] = [];
  const query = { list: 'none', parent: 'none', limit: 200 };
  for await (const { data } of session.options.client.pages('/api/v1/tasks', query)) {
    found.push(...data.filter(({ id }) => kept.has(id)));
    if (found.length === kept.size) break;
  }
  return found;
}

/** Puts tasks back into their list. */
async function putBack(session: TaskSession, listId: string, kept: readonly string[]) {
  if (kept.length === 0) return true;
  const tasks = await readKept(session, new Set(kept));
  return session.send(
    tasks.map((base) => ({ kind: 'update', id: base.id, base, patch: { listId } })),
  );
}

/** Returns a function that reports a list that went to the trash, with the way back. */
export function useListUndo(): OnRemoved {
  const session = useTasks();
  const { restore } = useListActions();
  const undo = async ({ id, name }: List, kept: readonly string[]): Promise<boolean> => {
    try {
      await restore(id);
      return await putBack(session, id, kept);
    } catch {
      session.actions.report({ name: 'listNotRestored', tasks: [], title: name });
      return false;
    }
  };
  return (list, kept) =>
    session.actions.report({
      name: 'listTrashed',
      tasks: [],
      title: list.name,
      undo: () => undo(list, kept),
    });
}
