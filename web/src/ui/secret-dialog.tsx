import { Button, Modal } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { CopyField } from './copy-field';
import { Notice } from './notice';
import classes from './section.module.css';

interface SecretDialogProps {
  readonly title: string;
  readonly createdTitle: string;
  /** Absent until it is created. */
  readonly secret: string | undefined;
  readonly label: string;
  readonly warning: string;
  readonly isPending: boolean;
  readonly onClose: () => void;
  /** Form that creates it. */
  readonly children: ReactNode;
}

/** Creates a secret, and shows it: nothing else ever has it, so that closing the dialog forgets it. */
export function SecretDialog(props: SecretDialogProps) {
  const { t } = useTranslation();
  const { secret, onClose } = props;
  const isCreated = secret !== undefined;
  return (
    <Modal
      opened
      // A secret that nobody sees would come of it.
      onClose={props.isPending ? () => undefined : onClose}
      centered
      title={isCreated ? props.createdTitle : props.title}
      closeButtonProps={{ 'aria-label': t('app.close') }}
      // A slip must not lose it.
      closeOnClickOutside={!isCreated}
      closeOnEscape={!isCreated}
    >
      {isCreated ? (
        <div className={classes['dialog']}>
          <Notice>
            <strong>{t('app.copy.once')}</strong> {props.warning}
          </Notice>
          <CopyField label={props.label} value={secret} />
          <div className={classes['buttons']}>
            <Button variant="default" onClick={onClose}>
              {t('app.copy.done')}
            </Button>
          </div>
        </div>
      ) : (
        props.children
      )}
    </Modal>
  );
}
