import { Button, Modal } from '@mantine/core';
import { ProblemError } from '@taskward/client';
import { useTranslation } from 'react-i18next';
import { Notice } from './notice';
import { useFailure } from './use-failure';
import { useRequest } from './use-request';
import classes from './section.module.css';

interface ConfirmDialogProps {
  readonly title: string;
  readonly text: string;
  readonly button: string;
  readonly send: () => Promise<unknown>;
  /** Called once it is gone, also if it already was. */
  readonly onDone: () => void;
  readonly onClose: () => void;
}

/** Confirms that something is to be removed, and removes it. */
export function ConfirmDialog({ title, text, button, send, onDone, onClose }: ConfirmDialogProps) {
  const { t } = useTranslation();
  const { failure, isPending, run } = useRequest(useFailure({}));
  const confirm = async () => {
    const error = await run(send);
    const isGone = error instanceof ProblemError && error.status === 404;
    if (error === undefined || isGone) onDone();
  };
  return (
    <Modal
      opened
      onClose={onClose}
      centered
      title={title}
      closeButtonProps={{ 'aria-label': t('app.close') }}
    >
      <div className={classes['dialog']}>
        <p className={classes['text']}>{text}</p>
        {failure !== undefined && <Notice kind="error">{failure}</Notice>}
        <div className={classes['buttons']}>
          <Button data-autofocus loading={isPending} onClick={() => void confirm()}>
            {button}
          </Button>
          <Button variant="default" onClick={onClose}>
            {t('app.cancel')}
          </Button>
        </div>
      </div>
    </Modal>
  );
}
