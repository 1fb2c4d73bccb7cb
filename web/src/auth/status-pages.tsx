import { Button } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { AuthFrame } from './auth-frame';
import { sessions } from './session-store';
import classes from './form.module.css';

/** Shown for the moment in which it is not known who is signed in. */
export function LoadingPage() {
  const { t } = useTranslation();
  return (
    <main className={classes['loading']} aria-busy="true">
      <span className="visually-hidden">{t('auth.loading')}</span>
    </main>
  );
}

export function UnreachablePage() {
  const { t } = useTranslation();
  return (
    <AuthFrame title={t('auth.unreachable.title')}>
      <p className={classes['text']}>{t('auth.unreachable.help')}</p>
      <Button onClick={() => void sessions.load()}>{t('auth.unreachable.retry')}</Button>
    </AuthFrame>
  );
}
