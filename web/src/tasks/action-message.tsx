import { useNavigate } from '@tanstack/react-router';
import { useEffect, useState, useSyncExternalStore } from 'react';
import { useTranslation } from 'react-i18next';
import { TextButton } from '../ui/text-button';
import { type LocalFilter, matches } from './filter';
import { useQueue, useTasks } from './task-context';
import type { Action } from './action';
import { NextDate } from './next-date';
import { openSubtasks } from './progress';
import type { Task } from './task';
import { completeSubtasks } from './tree-actions';
import classes from './selection-bar.module.css';

const SHOWN_MS = 8_000;

interface ActionMessageProps {
  readonly filter: LocalFilter;
  /** The tasks of the list. */
  readonly known: readonly Task[];
}

/** Shows which action was taken last and how far it is, and undoes it. */
export function ActionMessage({ filter, known }: ActionMessageProps) {
  const tasks = useTasks();
  const action = useSyncExternalStore(tasks.actions.subscribe, tasks.actions.last);
  const [dismissed, dismiss] = useState<Action>();
  const [first] = useState(action);
  const left = useBulkLeft();
  const isShown = action !== undefined && action !== dismissed && action !== first;
  const isBusy = left !== undefined;
  useEffect(() => {
    if (!isShown || isBusy) return;
    const timer = setTimeout(() => dismiss(action), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [action, isShown, isBusy]);
  return (
    <div role="status">
      {isShown && (
        <Message
          action={action}
          filter={filter}
          known={known}
          left={left}
          onDismiss={() => dismiss(action)}
        />
      )}
    </div>
  );
}

/** Returns how many changes of the last bulk action wait; nothing if none do. */
function useBulkLeft(): number | undefined {
  const bulk = useTasks().bulk();
  const queue = useQueue();
  const left =
    bulk && queue.filter(({ group, failure }) => group === bulk.group && !failure).length;
  return left === 0 ? undefined : left;
}

/** Returns a function that returns what a message says besides the tasks. */
function useActionTexts() {
  const { t } = useTranslation();
  return ({ values = {} }: Action) => {
    const {
      place = 0,
      total = 0,
      version = 0,
      parent = '',
      list = '',
      rule = '',
      detail = '',
    } = values;
    const reason = t(`tasks.moveRules.${rule}` as never, { defaultValue: detail }) as string;
    return { place, total, version, parent, list, reason };
  };
}

interface MessageProps {
  readonly action: Action;
  readonly filter: LocalFilter;
  readonly known: readonly Task[];
  readonly left: number | undefined;
  readonly onDismiss: () => void;
}

function Message({ action, filter, known, left, onDismiss }: MessageProps) {
  const { t } = useTranslation();
  const textsOf = useActionTexts();
  const tasks = useTasks();
  const navigate = useNavigate();
  const [task] = action.tasks;
  const isElsewhere = action.name === 'added' && task !== undefined && !matches(task, filter);
  const { total = 0 } = tasks.bulk() ?? {};
  return (
    <div className={classes['message']}>
      <span className={classes['text']}>
        {t(`tasks.message.${action.name}`, {
          count: action.tasks.length,
          title: action.title ?? task?.title ?? '',
          ...textsOf(action),
        })}
        <NextDate key={action.tasks[0]?.id} action={action} />
        {isElsewhere && ` ${t('tasks.message.elsewhere')}`}
      </span>
      {left !== undefined && <Progress done={total - left} total={total} />}
      {isElsewhere && (
        <TextButton onClick={() => void navigate({ to: '/all', search: {} })}>
          {t('tasks.message.show')}
        </TextButton>
      )}
      <CompleteSubtasks action={action} known={known} />
      {action.undo && (
        <TextButton onClick={() => void tasks.actions.undo(action)}>
          {t('tasks.message.undo')}
        </TextButton>
      )}
      <TextButton label={t('tasks.message.dismiss')} onClick={onDismiss}>
        ×
      </TextButton>
    </div>
  );
}

/** Offers to complete the open subtasks of a task that was just completed. */
function CompleteSubtasks({ action, known }: Pick<MessageProps, 'action' | 'known'>) {
  const { t } = useTranslation();
  const session = useTasks();
  const [task, ...others] = action.tasks;
  const count = task ? openSubtasks(task) : 0;
  if (task === undefined || action.name !== 'completed' || others.length > 0 || count === 0) {
    return null;
  }
  return (
    <TextButton onClick={() => void completeSubtasks(session, task, known)}>
      {t('tasks.message.completeSubtasks', { count })}
    </TextButton>
  );
}

function Progress({ done, total }: { readonly done: number; readonly total: number }) {
  const { t } = useTranslation();
  const text = t('tasks.selection.progress', { done, total });
  return (
    <>
      <progress className={classes['progress']} max={total} value={done} aria-label={text} />
      <span aria-hidden="true">{text}</span>
    </>
  );
}
