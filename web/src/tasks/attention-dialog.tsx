import { Modal } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { Entry } from './change';
import { ConflictCase } from './conflict-case';
import type { Today } from './filter';
import { RefusedCase } from './refused-case';
import { TrashedPlaceCase } from './trashed-place-case';
import { UncertainCase } from './uncertain-case';
import classes from './attention-dialog.module.css';

interface AttentionDialogProps {
  readonly entries: readonly Entry[];
  readonly today: Today;
  readonly onClose: () => void;
}

function Case({ entry, today }: { readonly entry: Entry; readonly today: Today }) {
  const { failure } = entry;
  if (failure?.kind === 'conflict') {
    return <ConflictCase entry={entry} current={failure.current} today={today} />;
  }
  if (failure?.kind === 'refused' && failure.code === 'parent_in_trash') {
    return <TrashedPlaceCase entry={entry} />;
  }
  return failure?.kind === 'uncertain' ? (
    <UncertainCase entry={entry} />
  ) : (
    <RefusedCase entry={entry} />
  );
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
            <Case entry={entry} today={today} />
          </li>
        ))}
      </ul>
    </Modal>
  );
}
