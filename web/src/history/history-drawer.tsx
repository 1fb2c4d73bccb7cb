import { Drawer } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { Today } from '../tasks/filter';
import type { Task } from '../tasks/task';
import { useQueue, useTasks } from '../tasks/task-context';
import classes from './history.module.css';
import { revertTask } from './revert-task';
import { type TaskHistory, useHistory } from './use-history';
import { VersionItem } from './version-item';

interface HistoryDrawerProps {
  readonly task: Task;
  readonly today: Today;
  readonly onClose: () => void;
}

/** The versions of a task beside the page: who made them, when and how; each can be restored. */
export function HistoryDrawer(props: HistoryDrawerProps) {
  const { task, onClose } = props;
  const { t } = useTranslation();
  const history = useHistory(task);
  return (
    <Drawer
      opened
      onClose={onClose}
      position="right"
      size="28rem"
      title={<span dir="auto">{t('history.title', { title: task.title })}</span>}
      closeButtonProps={{ 'aria-label': t('history.close') }}
    >
      <HistoryState history={history} />
      <Versions {...props} history={history} />
      {history.hasMore && (
        <button
          type="button"
          className={classes['button']}
          disabled={history.isReading}
          onClick={history.readMore}
        >
          {t('history.more')}
        </button>
      )}
    </Drawer>
  );
}

interface HistoryProps {
  readonly history: TaskHistory;
}

function HistoryState({ history: { versions, error, retry } }: HistoryProps) {
  const { t } = useTranslation();
  const isEmpty = versions?.length === 0;
  return (
    <div role="status">
      {error && (
        <p className={classes['note']}>
          {t('history.failed', { detail: error.message })}{' '}
          <button type="button" className={classes['button']} onClick={retry}>
            {t('history.retry')}
          </button>
        </p>
      )}
      {!error && versions === undefined && (
        <p className={classes['note']}>{t('history.loading')}</p>
      )}
      {isEmpty && <p className={classes['note']}>{t('history.empty')}</p>}
    </div>
  );
}

function Versions({ task, today, onClose, history }: HistoryDrawerProps & HistoryProps) {
  const { t } = useTranslation();
  const session = useTasks();
  const { versions = [] } = history;
  const isWaiting = useQueue().some(({ change }) => change.id === session.idOf(task.id));
  const [newest] = versions;
  const restore = (version: number) => {
    onClose();
    void revertTask(session, { ...task, version: newest?.version ?? task.version }, version);
  };
  return (
    <>
      {isWaiting && <p className={classes['note']}>{t('history.waiting')}</p>}
      <ol className={classes['versions']}>
        {versions.map((version) => (
          <VersionItem
            key={version.version}
            version={version}
            today={today}
            isPresent={version === newest}
            onRestore={isWaiting ? undefined : restore}
          />
        ))}
      </ol>
    </>
  );
}
