import { useNavigate } from '@tanstack/react-router';
import { useEffect, useState, useSyncExternalStore } from 'react';
import { useTranslation } from 'react-i18next';
import { TextButton } from '../ui/text-button';
import { type LocalFilter, matches } from './filter';
import { useQueue, useTasks } from './task-context';
import type { Action } from './action';
import classes from './selection-bar.module.css';

const SHOWN_MS = 8_000;

/** Says which action was taken last, how far it is, and undoes it. */
export function ActionMessage({ filter }: { readonly filter: LocalFilter }) {
  const tasks = useTasks();
  const action = useSyncExternalStore(tasks.subscribe, tasks.lastAction);
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
        <Message action={action} filter={filter} left={left} onDismiss={() => dismiss(action)} />
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

interface MessageProps {
  readonly action: Action;
  readonly filter: LocalFilter;
  readonly left: number | undefined;
  readonly onDismiss: () => void;
}

function Message({ action, filter, left, onDismiss }: MessageProps) {
  const { t } = useTranslation();
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
        })}
        {isElsewhere && ` ${t('tasks.message.elsewhere')}`}
      </span>
      {left !== undefined && <Progress done={total - left} total={total} />}
      {isElsewhere && (
        <TextButton onClick={() => void navigate({ to: '/all', search: {} })}>
          {t('tasks.message.show')}
        </TextButton>
      )}
      {action.undo && (
        <TextButton onClick={() => void tasks.undo(action)}>{t('tasks.message.undo')}</TextButton>
      )}
      <TextButton label={t('tasks.message.dismiss')} onClick={onDismiss}>
        ×
      </TextButton>
    </div>
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
