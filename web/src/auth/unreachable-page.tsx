import { Button } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { AuthFrame } from './auth-frame';
import { sessions } from './session-store';
import classes from './form.module.css';

export function UnreachablePage() {
  const { t } = useTranslation();
  return (
    <AuthFrame title={t('auth.unreachable.title')}>
      <p className={classes['text']}>{t('auth.unreachable.help')}</p>
      <Button onClick={() => void sessions.load()}>{t('auth.unreachable.retry')}</Button>
    </AuthFrame>
  );
}
