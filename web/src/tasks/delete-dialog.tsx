import { Modal } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { Task } from './task';
import classes from './attention-dialog.module.css';

interface DeleteDialogProps {
  readonly tasks: readonly Task[];
  readonly hasSubtasks: boolean;
  readonly onConfirm: () => void;
  readonly onClose: () => void;
}

/** Confirms that tasks are to be deleted for good: this alone cannot be undone. */
export function DeleteDialog({ tasks, hasSubtasks, onConfirm, onClose }: DeleteDialogProps) {
  const { t } = useTranslation();
  const title = tasks[0]?.title ?? '';
  return (
    <Modal
      opened
      onClose={onClose}
      centered
      title={t('tasks.forGood.title')}
      closeButtonProps={{ 'aria-label': t('tasks.edit.cancel') }}
    >
      <p className={classes['text']}>
        {t('tasks.forGood.text', { count: tasks.length, title })}
        {hasSubtasks && ` ${t('tasks.forGood.below')}`}
      </p>
      <div className={classes['buttons']}>
        <button type="button" className={classes['primary']} data-autofocus onClick={onConfirm}>
          {t('tasks.forGood.confirm')}
        </button>
        <button type="button" className={classes['secondary']} onClick={onClose}>
          {t('tasks.edit.cancel')}
        </button>
      </div>
    </Modal>
  );
}
