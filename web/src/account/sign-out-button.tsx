import { Button } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { signOut } from '../auth/sign-out';
import { Notice } from '../ui/notice';

export function SignOutButton() {
  const { t } = useTranslation();
  const [isPending, setPending] = useState(false);
  const [hasFailed, setFailed] = useState(false);
  const leave = async () => {
    setPending(true);
    try {
      setFailed(!(await signOut()));
    } catch {
      setFailed(true);
    } finally {
      setPending(false);
    }
  };
  return (
    <div>
      <Button variant="default" loading={isPending} onClick={() => void leave()}>
        {t('auth.signOut')}
      </Button>
      {hasFailed && <Notice kind="error">{t('auth.failures.unavailable')}</Notice>}
    </div>
  );
}
