import { Button, Modal } from '@mantine/core';
import { ListConflictError } from '@taskward/client';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { List } from './list';
import { useListActions } from './use-list-actions';
import { useListFailure } from './list-failure';
import { useRequest } from '../ui/use-request';
import classes from './lists.module.css';

/** Called after a list went to the trash, with the ids of the tasks that it left behind. */
export type OnRemoved = (list: List, kept: readonly string[]) => void;

interface RemoveDialogProps {
  readonly list: List;
  readonly onRemoved: OnRemoved;
  readonly onClose: () => void;
}

/** Offers the choice of what becomes of the tasks of a list that is deleted. */
export function RemoveDialog({ list, onRemoved, onClose }: RemoveDialogProps) {
  const { t } = useTranslation();
  const actions = useListActions();
  const { failure, isPending, run } = useRequest(useListFailure());
  const [seen, setSeen] = useState(list);
  const remove = async (isKeeping: boolean) => {
    const error = await run(async () => onRemoved(seen, await actions.remove(seen, isKeeping)));
    if (error instanceof ListConflictError && error.current) setSeen(error.current);
    if (error !== undefined) void actions.refresh();
  };
  return (
    <Modal
      opened
      onClose={onClose}
      centered
      title={t('lists.remove.title', { name: seen.name })}
      closeButtonProps={{ 'aria-label': t('lists.close') }}
    >
      <p className={classes['text']}>{t('lists.remove.text')}</p>
      <p className={classes['error']} role="alert">
        {failure?.whole}
      </p>
      <div className={classes['choices']}>
        <Button data-autofocus disabled={isPending} onClick={() => void remove(false)}>
          {t('lists.remove.trash')}
        </Button>
        <Button variant="default" disabled={isPending} onClick={() => void remove(true)}>
          {t('lists.remove.keep')}
        </Button>
        <Button variant="default" onClick={onClose}>
          {t('lists.edit.cancel')}
        </Button>
      </div>
    </Modal>
  );
}
