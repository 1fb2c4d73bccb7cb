import { Button, Modal } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { SignedInState } from './session-state';
import { sessions } from './session-store';
import { SignInForm } from './sign-in-form';
import { TokenForm } from './token-form';
import classes from './form.module.css';

/** Leaves as a sign-out does, unless the user has come back while they were asked. */
async function leave(): Promise<void> {
  const mayLeave = await sessions.mayLeave('session-ended');
  const state = sessions.state();
  if (mayLeave && state.status === 'signed-in' && state.hasEnded) sessions.leave();
}

/** Invites the user to sign in again, over the page as it is. */
export function SessionEndedDialog({ state }: { readonly state: SignedInState }) {
  const { t } = useTranslation();
  const { issuer, user } = state;
  return (
    <Modal
      opened
      onClose={() => undefined}
      withCloseButton={false}
      closeOnEscape={false}
      closeOnClickOutside={false}
      centered
      size="24rem"
      title={t('auth.ended.title')}
    >
      <p className={classes['text']}>{t(`auth.ended.${issuer.kind}`, { name: user.name })}</p>
      {issuer.kind === 'embedded' ? <SignInForm user={user} /> : <TokenForm />}
      <p className={classes['links']}>
        <Button variant="subtle" size="compact-sm" onClick={() => void leave()}>
          {t('auth.ended.leave')}
        </Button>
      </p>
    </Modal>
  );
}
