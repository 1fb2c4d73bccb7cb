import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { AuthFrame } from './auth-frame';
import { SignInForm } from './sign-in-form';
import classes from './form.module.css';

export function SignInPage() {
  const { t } = useTranslation();
  return (
    <AuthFrame title={t('auth.signInTitle')}>
      <SignInForm />
      <p className={classes['links']}>
        <span>
          {t('auth.noAccount')}{' '}
          <Link to="/sign-up" search>
            {t('auth.signUp')}
          </Link>
        </span>
        <Link to="/forgot-password">{t('auth.forgot')}</Link>
      </p>
    </AuthFrame>
  );
}
