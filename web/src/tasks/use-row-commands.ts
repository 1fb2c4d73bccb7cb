import { useMemo } from 'react';
import type { ShownTask } from './overlay';
import { skipDate } from './skip-date';
import { isNew, type Task } from './task';
import { useTasks } from './task-context';
import type { RowCommands } from './task-row';
import type { ListFocus } from './use-list-focus';
import { type Selection, useLatest } from './use-selection';
import type { TreeCommands } from './use-tree-commands';

interface RowCommandOptions {
  readonly tasks: readonly ShownTask[] | undefined;
  readonly focus: ListFocus;
  readonly selection: Selection;
  readonly tree: TreeCommands;
  /** Opens the question before tasks are deleted for good. */
  readonly onDelete: (tasks: readonly Task[]) => void;
  readonly onHistory: (task: Task) => void;
}

/** The commands of the rows: always the same object, so that only rows that change are drawn again. */
export function useRowCommands(options: RowCommandOptions): RowCommands {
  const session = useTasks();
  const latest = useLatest(options);
  return useMemo<RowCommands>(
    () => ({
      onActivate: (index) => latest.current.focus.activate(index),
      onEdit: (task) => latest.current.focus.edit(session.keyOf(task.id)),
      onComplete: (task) => void session.edit(task, { completed: !task.completed }),
      onSelect: (index, isRange) => {
        const { tasks = [], focus, selection } = latest.current;
        const keys = (from: number, to: number) =>
          tasks
            .slice(Math.min(from, to), Math.max(from, to) + 1)
            .map(({ id }) => session.keyOf(id));
        if (isRange) selection.add(keys(focus.anchor(), index));
        else for (const key of keys(index, index)) selection.toggle(key);
        focus.anchorAt(index);
      },
      onTrash: (task) => {
        latest.current.focus.edit(undefined);
        void session.trash([task]).then(() => latest.current.focus.request());
      },
      onRestore: (task) => void session.restore([task]).then(() => latest.current.focus.request()),
      onFold: (task, isFolded) => latest.current.tree.setFolded(task, isFolded),
      onAddSubtask: (task) => {
        latest.current.focus.edit(undefined);
        latest.current.tree.addSubtask(task);
      },
      onMove: (task, direction) => latest.current.tree.move(task, direction),
      onSkip: (task) => void skipDate(session, task),
      onHistory: (task) => {
        // A task that the server does not know has no history.
        if (!isNew(task)) latest.current.onHistory({ ...task, id: session.idOf(task.id) });
      },
      onDeleteForGood: (task) => latest.current.onDelete([task]),
    }),
    [session, latest],
  );
}
