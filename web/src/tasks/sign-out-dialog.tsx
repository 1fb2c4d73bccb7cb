import { Modal } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useQueue, useTasks } from './task-context';
import classes from './attention-dialog.module.css';

interface SignOutDialogProps {
  /** False once the session has ended. */
  readonly canSend: boolean;
  readonly onAnswer: (mayLeave: boolean) => void;
}

/** Offers the choice of what becomes of the changes that wait when the user signs out. */
export function SignOutDialog({ canSend, onAnswer }: SignOutDialogProps) {
  const { t } = useTranslation();
  const tasks = useTasks();
  const queue = useQueue();
  const [state, setState] = useState<'asking' | 'sending' | 'notSent' | 'notStored'>('asking');
  const { outbox } = tasks.options;
  const send = async () => {
    setState('sending');
    await tasks.sender.flush();
    if (outbox.snapshot().length === 0) onAnswer(true);
    else setState('notSent');
  };
  const discardAll = async () => {
    await outbox.discardAll().then(
      () => onAnswer(true),
      () => setState('notStored'),
    );
  };
  return (
    <Modal
      opened
      onClose={() => onAnswer(false)}
      centered
      title={t('tasks.signOut.title')}
      closeButtonProps={{ 'aria-label': t(canSend ? 'tasks.signOut.cancel' : 'tasks.edit.cancel') }}
    >
      <p className={classes['text']}>{t('tasks.signOut.text', { count: queue.length })}</p>
      {(state === 'notSent' || state === 'notStored') && (
        <p className={classes['errors']} role="alert">
          {t(state === 'notSent' ? 'tasks.signOut.failed' : 'tasks.message.notStored')}
        </p>
      )}
      {canSend && (
        <button
          type="button"
          className={classes['primary']}
          disabled={state === 'sending'}
          onClick={() => void send()}
        >
          {t(state === 'sending' ? 'tasks.signOut.sending' : 'tasks.signOut.send')}
        </button>
      )}
      <button type="button" className={classes['secondary']} onClick={() => onAnswer(true)}>
        {t('tasks.signOut.keep')}
      </button>
      <p className={classes['help']}>{t('tasks.signOut.keepHelp')}</p>
      <button type="button" className={classes['secondary']} onClick={() => void discardAll()}>
        {t('tasks.signOut.discard')}
      </button>
      <p className={classes['help']}>{t('tasks.signOut.discardHelp')}</p>
    </Modal>
  );
}
