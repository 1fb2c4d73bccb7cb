import type { List } from '../lists/list';
import { useListActions } from '../lists/use-list-actions';
import { useTasks } from './task-context';

/** Returns a function that reports a list that went to the trash, with the way back. */
export function useListUndo() {
  const tasks = useTasks();
  const { restore } = useListActions();
  return ({ id, name }: List): void =>
    tasks.actions.report({
      name: 'listTrashed',
      tasks: [],
      title: name,
      undo: () =>
        restore(id).then(
          () => true,
          () => {
            tasks.actions.report({ name: 'listNotRestored', tasks: [], title: name });
            return false;
          },
        ),
    });
}
