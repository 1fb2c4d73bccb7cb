import { Modal } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { Entry } from './change';
import { ConflictCase } from './conflict-case';
import type { Today } from './filter';
import { RefusedCase } from './refused-case';
import classes from './attention-dialog.module.css';

interface AttentionDialogProps {
  readonly entries: readonly Entry[];
  readonly today: Today;
  readonly onClose: () => void;
}

/** The changes that the server did not take, each with what can be done about it. */
export function AttentionDialog({ entries, today, onClose }: AttentionDialogProps) {
  const { t } = useTranslation();
  return (
    <Modal
      opened
      onClose={onClose}
      title={t('tasks.attention.title')}
      size="42rem"
      closeButtonProps={{ 'aria-label': t('tasks.attention.later') }}
    >
      <ul className={classes['cases']}>
        {entries.map((entry) => (
          <li key={entry.seq} className={classes['case']}>
            {entry.failure?.kind === 'conflict' ? (
              <ConflictCase entry={entry} current={entry.failure.current} today={today} />
            ) : (
              <RefusedCase entry={entry} />
            )}
          </li>
        ))}
      </ul>
    </Modal>
  );
}
