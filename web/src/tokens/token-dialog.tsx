import { Button, Modal } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { CopyField } from '../ui/copy-field';
import { Notice } from '../ui/notice';
import { useRequest } from '../ui/use-request';
import { useCreateFailure } from './token-failure';
import { TokenForm } from './token-form';
import classes from '../ui/section.module.css';

/** Creates a token, and shows it: nothing else ever has it, so that closing the dialog forgets it. */
export function TokenDialog({ onClose }: { readonly onClose: () => void }) {
  const { t } = useTranslation();
  const [token, setToken] = useState<string>();
  const request = useRequest(useCreateFailure());
  const isCreated = token !== undefined;
  return (
    <Modal
      opened
      // A token that nobody sees would come of it.
      onClose={request.isPending ? () => undefined : onClose}
      centered
      title={t(isCreated ? 'tokens.created.title' : 'tokens.new')}
      closeButtonProps={{ 'aria-label': t('tokens.close') }}
      // A slip must not lose it.
      closeOnClickOutside={!isCreated}
      closeOnEscape={!isCreated}
    >
      {isCreated ? (
        <div className={classes['dialog']}>
          <Notice>
            <strong>{t('tokens.created.once')}</strong> {t('tokens.created.warning')}
          </Notice>
          <CopyField label={t('tokens.created.token')} value={token} />
          <div className={classes['buttons']}>
            <Button variant="default" onClick={onClose}>
              {t('tokens.created.done')}
            </Button>
          </div>
        </div>
      ) : (
        <TokenForm
          request={request}
          onCreated={(created) => setToken(created.token)}
          onClose={onClose}
        />
      )}
    </Modal>
  );
}
