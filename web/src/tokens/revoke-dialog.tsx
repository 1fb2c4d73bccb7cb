import { Button, Modal } from '@mantine/core';
import { type PersonalToken, ProblemError } from '@taskward/client';
import { useTranslation } from 'react-i18next';
import { useSession } from '../auth/use-session';
import { Notice } from '../ui/notice';
import { useRequest } from '../ui/use-request';
import { useTokenFailure } from './token-failure';
import { useRefreshTokens } from './use-tokens';
import classes from '../ui/section.module.css';

interface RevokeDialogProps {
  readonly token: PersonalToken;
  readonly onRevoked: () => void;
  readonly onClose: () => void;
}

/** Confirms that a token is to be revoked. */
export function RevokeDialog({ token, onRevoked, onClose }: RevokeDialogProps) {
  const { t } = useTranslation();
  const { client } = useSession();
  const refresh = useRefreshTokens();
  const { failure, isPending, run } = useRequest(useTokenFailure());
  const revoke = async () => {
    const params = { path: { id: token.id } };
    const error = await run(() => client.DELETE('/api/v1/tokens/{id}', { params }));
    refresh();
    // One that is gone was revoked elsewhere.
    const isGone = error instanceof ProblemError && error.status === 404;
    if (error === undefined || isGone) onRevoked();
  };
  return (
    <Modal
      opened
      onClose={onClose}
      centered
      title={t('tokens.confirm', { name: token.name })}
      closeButtonProps={{ 'aria-label': t('tokens.close') }}
    >
      <div className={classes['dialog']}>
        <p className={classes['text']}>{t('tokens.confirmText')}</p>
        {failure?.whole && <Notice kind="error">{failure.whole}</Notice>}
        <div className={classes['buttons']}>
          <Button data-autofocus loading={isPending} onClick={() => void revoke()}>
            {t('tokens.revoke')}
          </Button>
          <Button variant="default" onClick={onClose}>
            {t('tokens.cancel')}
          </Button>
        </div>
      </div>
    </Modal>
  );
}
