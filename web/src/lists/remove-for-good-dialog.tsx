import { Button, Modal } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { List } from './list';
import { useListActions } from './use-list-actions';
import { useListFailure } from './list-failure';
import { useRequest } from '../ui/use-request';
import classes from './lists.module.css';

interface RemoveForGoodDialogProps {
  readonly list: List;
  readonly onClose: () => void;
}

/** Confirms that a list is to be deleted for good. */
export function RemoveForGoodDialog({ list, onClose }: RemoveForGoodDialogProps) {
  const { t } = useTranslation();
  const actions = useListActions();
  const { failure, isPending, run } = useRequest(useListFailure());
  const remove = async () => {
    if ((await run(() => actions.removeForGood(list.id))) === undefined) onClose();
  };
  return (
    <Modal
      opened
      onClose={onClose}
      centered
      title={t('lists.trash.confirm')}
      closeButtonProps={{ 'aria-label': t('lists.close') }}
    >
      <p className={classes['text']}>{t('lists.trash.confirmText', { name: list.name })}</p>
      <p className={classes['error']} role="alert">
        {failure?.whole}
      </p>
      <div className={classes['buttons']}>
        <Button data-autofocus loading={isPending} onClick={() => void remove()}>
          {t('lists.trash.confirmButton')}
        </Button>
        <Button variant="default" onClick={onClose}>
          {t('lists.edit.cancel')}
        </Button>
      </div>
    </Modal>
  );
}
