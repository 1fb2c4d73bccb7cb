import { useTranslation } from 'react-i18next';
import { useQueue, useSenderState, useTasks } from './task-context';
import classes from './task-page.module.css';

interface ConnectionLineProps {
  readonly isListOffline: boolean;
  readonly onRetry: () => void;
}

/** Shows that there is no connection, and what waits for it. */
export function ConnectionLine({ isListOffline, onRetry }: ConnectionLineProps) {
  const { t } = useTranslation();
  const { sender } = useTasks();
  const state = useSenderState();
  const count = useQueue().filter(({ failure }) => failure === undefined).length;
  const isOffline = isListOffline || (state === 'offline' && count > 0);
  return (
    <div role="status">
      {isOffline && (
        <p className={classes['notice']}>
          <span>
            {t('tasks.connection.offline')}
            {isListOffline && ` ${t('tasks.connection.offlineList')}`}
            {count > 0 && ` ${t('tasks.connection.waiting', { count })}`}
          </span>
          <button
            type="button"
            className={classes['link']}
            onClick={() => {
              sender.wake();
              onRetry();
            }}
          >
            {t('tasks.connection.retry')}
          </button>
        </p>
      )}
    </div>
  );
}
