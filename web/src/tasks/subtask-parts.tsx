import { useTranslation } from 'react-i18next';
import type { ShownTask } from './overlay';
import { useTaskTitle } from './use-task-title';
import classes from './task-row.module.css';

interface FoldButtonProps {
  readonly task: ShownTask;
  readonly tabIndex: number;
  readonly onFold: (task: ShownTask, isFolded: boolean) => void;
}

/** Shows or hides the subtasks of a task that has any. */
export function FoldButton({ task, tabIndex, onFold }: FoldButtonProps) {
  const { t } = useTranslation();
  const isFolded = task.nesting?.isFolded;
  if (isFolded === undefined) return null;
  const label = t(isFolded ? 'tasks.list.unfold' : 'tasks.list.fold', { title: task.title });
  return (
    <button
      type="button"
      className={classes['fold']}
      tabIndex={tabIndex}
      aria-expanded={!isFolded}
      aria-label={label}
      title={label}
      onClick={() => onFold(task, !isFolded)}
    >
      <span aria-hidden="true">▶</span>
    </button>
  );
}

/** The numbers of a task's subtasks, of the next level. */
export function SubtaskProgress({ task: { subtasks } }: { readonly task: ShownTask }) {
  const { t } = useTranslation();
  if (subtasks === undefined || subtasks.total === 0) return null;
  const { total, completed } = subtasks;
  const text = t('tasks.list.progress', { total, completed });
  return (
    <span className={classes['progress']} title={text}>
      <span className="visually-hidden">{text}</span>
      <span aria-hidden="true">
        {completed}/{total}
      </span>
    </span>
  );
}

/** Names the parent of a subtask that is not shown below it. */
export function ParentName({ task }: { readonly task: ShownTask }) {
  const { parentId, nesting } = task;
  const isAlone = parentId !== null && (nesting === undefined || nesting.depth === 0);
  return isAlone && <NamedParent id={parentId} />;
}

function NamedParent({ id }: { readonly id: string }) {
  const { t } = useTranslation();
  const title = useTaskTitle(id);
  if (title === undefined) return null;
  const text = t('tasks.list.parent', { title });
  return (
    <span className={classes['parent']} title={text} dir="auto">
      <span className="visually-hidden">{text}</span>
      <span aria-hidden="true">↳ {title}</span>
    </span>
  );
}
