import { Button, Modal } from '@mantine/core';
import { ListConflictError } from '@taskward/client';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { changedFields, type List, type ListFields } from './list';
import { ListForm } from './list-form';
import { useListActions } from './use-list-actions';
import { useLists } from './use-lists';
import { useListFailure } from './list-failure';
import { useRequest } from '../ui/use-request';
import classes from './lists.module.css';

interface ListDialogProps {
  /** Absent for a new list. */
  readonly list?: List | undefined;
  readonly onCreated: (list: List) => void;
  readonly onClose: () => void;
  readonly onMove: (list: List, by: 1 | -1) => void;
  readonly onRemove: (list: List) => void;
}

/** Sends the changes of the dialog; after a conflict, the next one is over the version that was found. */
function useListDialog({ list, onCreated, onClose }: ListDialogProps) {
  const actions = useListActions();
  const { failure, isPending, run } = useRequest(useListFailure());
  // The list may change below: what the person began with is what their edit is compared to.
  const [begun] = useState(list);
  const [seen, setSeen] = useState(list);
  const change = async (send: () => Promise<unknown>) => {
    const error = await run(send);
    if (error === undefined) onClose();
    if (error instanceof ListConflictError && error.current) setSeen(error.current);
    if (error !== undefined) void actions.refresh();
  };
  const save = (fields: Partial<ListFields>) =>
    void change(async () => {
      if (begun && seen) await actions.update(seen, changedFields(begun, fields));
      else onCreated(await actions.create({ archived: false, color: null, name: '', ...fields }));
    });
  return { failure, isPending, save };
}

/** Creates a list, or changes one: its name, colour, place and state. */
export function ListDialog(props: ListDialogProps) {
  const { list, onClose, onMove, onRemove } = props;
  const { t } = useTranslation();
  const { isOffline } = useLists();
  const { failure, isPending, save } = useListDialog(props);
  const button = (text: string, onClick: () => void) => (
    <Button variant="default" size="xs" disabled={isOffline || isPending} onClick={onClick}>
      {text}
    </Button>
  );
  return (
    <Modal
      opened
      onClose={onClose}
      centered
      title={t(list ? 'lists.edit.title' : 'lists.edit.newTitle')}
      closeButtonProps={{ 'aria-label': t('lists.close') }}
    >
      <ListForm
        {...props}
        failure={failure}
        isPending={isPending}
        isOffline={isOffline}
        onSubmit={save}
      >
        {list && (
          <div className={classes['buttons']} role="group" aria-label={t('lists.edit.place')}>
            {!list.archived && button(t('lists.edit.up'), () => onMove(list, -1))}
            {!list.archived && button(t('lists.edit.down'), () => onMove(list, 1))}
            {button(t(list.archived ? 'lists.edit.unarchive' : 'lists.edit.archive'), () =>
              save({ archived: !list.archived }),
            )}
            {button(t('lists.edit.remove'), () => onRemove(list))}
          </div>
        )}
      </ListForm>
    </Modal>
  );
}
