import { Link, useSearch } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { Notice } from '../ui/notice';
import { AuthFrame } from './auth-frame';
import { CheckMail } from './check-mail';
import classes from './form.module.css';

/** The page that the link in a verification mail leads to. */
export function VerifiedPage() {
  const { t } = useTranslation();
  const { error } = useSearch({ from: '/verified' });
  return (
    <AuthFrame title={t('auth.verified.title')}>
      {error === undefined ? (
        <>
          <p className={classes['text']}>{t('auth.verified.done')}</p>
          <Link to="/sign-in">{t('auth.signIn')}</Link>
        </>
      ) : (
        <div className={classes['form']}>
          <Notice kind="error">{t('auth.verified.failed')}</Notice>
          <CheckMail />
        </div>
      )}
    </AuthFrame>
  );
}
