import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { SecretDialog } from '../ui/secret-dialog';
import { useRequest } from '../ui/use-request';
import { useCreateFailure } from './token-failure';
import { TokenForm } from './token-form';

/** Creates a token, and shows it this once. */
export function TokenDialog({ onClose }: { readonly onClose: () => void }) {
  const { t } = useTranslation();
  const [token, setToken] = useState<string>();
  const request = useRequest(useCreateFailure());
  return (
    <SecretDialog
      title={t('tokens.new')}
      createdTitle={t('tokens.created.title')}
      secret={token}
      label={t('tokens.created.token')}
      warning={t('tokens.created.warning')}
      isPending={request.isPending}
      onClose={onClose}
    >
      <TokenForm
        request={request}
        onCreated={(created) => setToken(created.token)}
        onClose={onClose}
      />
    </SecretDialog>
  );
}
