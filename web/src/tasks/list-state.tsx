import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { View } from './search';
import type { TaskList } from './use-task-list';
import classes from './task-page.module.css';

interface ListStateProps {
  readonly list: TaskList;
  readonly view: View;
  readonly isFiltered: boolean;
  /** The list that the page is of is not there. */
  readonly isGone: boolean;
}

/** Shows what the list cannot: that it is being read, could not be, or is empty, and what to do then. */
export function ListState({ list, view, isFiltered, isGone }: ListStateProps) {
  const { t } = useTranslation();
  const { tasks, error, isOffline } = list;
  if (isGone) return <GoneState />;
  if (error && !isOffline) return <ErrorState error={error} onRetry={list.refresh} />;
  if (tasks === undefined && !isOffline) return <Loading text={t('tasks.list.loading')} />;
  if (tasks === undefined) return <EmptyState name="offline" />;
  if (tasks.length === 0) return <EmptyState name={isFiltered ? 'filtered' : view} />;
  return list.isLoadingMore && <Loading text={t('tasks.list.loadingMore')} />;
}

function Loading({ text }: { readonly text: string }) {
  return (
    <p className={classes['loading']} role="status">
      {text}
    </p>
  );
}

function EmptyState({ name }: { readonly name: View | 'filtered' | 'offline' }) {
  const { t } = useTranslation();
  return (
    <div className={classes['empty']}>
      <p className={classes['emptyTitle']}>{t(`tasks.empty.${name}`)}</p>
      <p className={classes['emptyHelp']}>{t(`tasks.empty.${name}Help`)}</p>
    </div>
  );
}

function ErrorState({ error, onRetry }: { readonly error: Error; readonly onRetry: () => void }) {
  const { t } = useTranslation();
  return (
    <div className={classes['empty']} role="alert">
      <p className={classes['emptyTitle']}>{t('tasks.error.title')}</p>
      <p className={classes['emptyHelp']}>{t('tasks.error.help', { detail: error.message })}</p>
      <button type="button" className={classes['link']} onClick={onRetry}>
        {t('tasks.error.retry')}
      </button>
    </div>
  );
}

/** In place of the tasks of a list that is not there. */
function GoneState() {
  const { t } = useTranslation();
  return (
    <div className={classes['empty']}>
      <p className={classes['emptyHelp']}>{t('lists.goneHelp')}</p>
      <Link to="/all">{t('lists.toAll')}</Link>
    </div>
  );
}
