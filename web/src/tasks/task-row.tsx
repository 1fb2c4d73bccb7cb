import { Link } from '@tanstack/react-router';
import { type CSSProperties, memo, type MouseEvent, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { ListLabel } from '../lists/list-label';
import { RecurrenceMark } from '../recurrence/recurrence-mark';
import { DueLabel } from './due-label';
import type { Today } from './filter';
import { FoldButton, ParentName, SubtaskProgress } from './subtask-parts';
import type { Direction } from './moves';
import type { ShownTask } from './overlay';
import { joinTags } from './search';
import classes from './task-row.module.css';

export interface RowCommands {
  readonly onActivate: (index: number) => void;
  readonly onEdit: (task: ShownTask) => void;
  readonly onComplete: (task: ShownTask) => void;
  readonly onSelect: (index: number, isRange: boolean) => void;
  readonly onTrash: (task: ShownTask) => void;
  readonly onFold: (task: ShownTask, isFolded: boolean) => void;
  readonly onAddSubtask: (parent: ShownTask) => void;
  readonly onMove: (task: ShownTask, direction: Direction) => void;
  /** Moves a task that repeats to its next date. */
  readonly onSkip: (task: ShownTask) => void;
  /** Shows the versions of a task. */
  readonly onHistory: (task: ShownTask) => void;
  readonly onRestore: (task: ShownTask) => void;
  readonly onDeleteForGood: (task: ShownTask) => void;
}

interface TaskRowProps {
  readonly task: ShownTask;
  readonly index: number;
  readonly today: Today;
  readonly isActive: boolean;
  readonly isTrash: boolean;
  readonly shownList: string | undefined;
  readonly commands: RowCommands;
}

/** A task in the list, as the cells of a row. */
export const TaskRow = memo(function TaskRow(props: TaskRowProps) {
  const { task, today, isActive, isTrash, commands } = props;
  const { t } = useTranslation();
  const { title, completed, priority, description } = task;
  // Tab reaches the controls of a single row of the list.
  const tabIndex = isActive ? 0 : -1;
  return (
    <div
      className={classes['row']}
      data-completed={completed}
      data-priority={priority}
      style={{ '--depth': task.nesting?.depth ?? 0 } as CSSProperties}
    >
      <div role="gridcell" className={classes['check']}>
        <FoldButton task={task} tabIndex={tabIndex} onFold={commands.onFold} />
        {!isTrash && (
          <input
            type="checkbox"
            className={classes['box']}
            checked={completed}
            tabIndex={tabIndex}
            aria-label={t('tasks.list.complete', { title })}
            onChange={() => commands.onComplete(task)}
          />
        )}
      </div>
      <div role="gridcell" className={classes['main']}>
        <Title {...props} tabIndex={tabIndex} />
        {description !== null && (
          <span className={classes['notes']} title={description.slice(0, 200)}>
            <span aria-hidden="true">≡</span>
            <span className="visually-hidden">{t('tasks.list.hasNotes')}</span>
          </span>
        )}
        {task.recurrence && <RecurrenceMark rule={task.recurrence.rule} />}
        <SubtaskProgress task={task} />
        <ParentName task={task} />
        <RowState task={task} />
        {task.listId !== null && task.listId !== props.shownList && (
          <ListLabel id={task.listId} tabIndex={tabIndex} />
        )}
        <Tags tags={task.tags} tabIndex={tabIndex} />
      </div>
      <div role="gridcell" className={classes['side']}>
        {priority !== 'none' && (
          <span className={classes['priority']} data-priority={priority}>
            <span className="visually-hidden">{t('tasks.edit.priority')}: </span>
            {t(`tasks.priorities.${priority}`)}
          </span>
        )}
        <DueLabel task={task} today={today} />
        <RowActions {...props} tabIndex={tabIndex} />
      </div>
    </div>
  );
});

/** The title, which opens the editor; pressed with a modifier, it selects the row. */
function Title({ task, index, isTrash, commands, tabIndex }: RowActionsProps) {
  const { t } = useTranslation();
  const { title } = task;
  const onClick = (event: MouseEvent) => {
    const isSelecting = isTrash || event.shiftKey || event.ctrlKey || event.metaKey;
    if (isSelecting) commands.onSelect(index, event.shiftKey);
    else commands.onEdit(task);
  };
  return (
    <button
      type="button"
      className={classes['title']}
      dir="auto"
      tabIndex={tabIndex}
      aria-label={isTrash ? title : t('tasks.list.edit', { title })}
      onClick={onClick}
    >
      {title}
    </button>
  );
}

function RowState({ task }: { readonly task: ShownTask }) {
  const { t } = useTranslation();
  if (task.isWaiting !== true) return null;
  const text = t(task.failure ? 'tasks.list.failed' : 'tasks.list.waiting');
  return (
    <span
      className={classes['state']}
      data-failed={task.failure !== undefined}
      role="img"
      aria-label={text}
      title={text}
    />
  );
}

function Tags({ tags, tabIndex }: { readonly tags: readonly string[]; readonly tabIndex: number }) {
  const { t } = useTranslation();
  return (
    tags.length > 0 && (
      <span className={classes['tags']}>
        {tags.map((tag) => (
          <Link
            key={tag}
            to="."
            search={(search) => ({ ...search, tags: joinTags([tag]) })}
            className={classes['tag'] ?? ''}
            tabIndex={tabIndex}
            title={t('tasks.list.showTag', { tag })}
          >
            <span className="visually-hidden">{t('tasks.list.showTag', { tag })}</span>
            <span aria-hidden="true">#{tag}</span>
          </Link>
        ))}
      </span>
    )
  );
}

interface RowActionsProps extends TaskRowProps {
  readonly tabIndex: number;
}

function RowActions({ task, isTrash, commands, tabIndex }: RowActionsProps) {
  const { t } = useTranslation();
  const { title } = task;
  const button = (label: string, mark: ReactNode, onClick: () => void) => (
    <button
      type="button"
      className={classes['action']}
      tabIndex={tabIndex}
      aria-label={label}
      title={label}
      onClick={onClick}
    >
      {mark}
    </button>
  );
  if (!isTrash) {
    return (
      <span className={classes['actions']}>
        {task.recurrence &&
          !task.completed &&
          button(t('recurrence.skip', { title }), '↷', () => commands.onSkip(task))}
        {button(t('tasks.list.addSubtask', { title }), '+', () => commands.onAddSubtask(task))}
        {button(t('tasks.list.trash', { title }), '×', () => commands.onTrash(task))}
      </span>
    );
  }
  return (
    <span className={classes['actions']} data-shown>
      {button(t('tasks.list.restore', { title }), '↺', () => commands.onRestore(task))}
      {button(t('tasks.list.deleteForGood', { title }), '×', () => commands.onDeleteForGood(task))}
    </span>
  );
}
