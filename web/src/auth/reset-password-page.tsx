import { Button } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Notice } from '../ui/notice';
import { authClient } from './auth-client';
import { AuthFrame } from './auth-frame';
import { NewPasswordField, useNewPassword } from './new-password-field';
import { failureOfFields, passwordFailure } from './rules';
import { useSubmit } from './use-submit';
import classes from './form.module.css';

/** Takes the token of the link out of the address bar, the history and what the browser sends. */
function takeToken(): string | undefined {
  const url = new URL(location.href);
  const token = url.searchParams.get('token') ?? undefined;
  url.searchParams.delete('token');
  if (token !== undefined) history.replaceState(history.state, '', url);
  return token;
}

const NOBODY = { name: '', email: '' };

function ResetForm({ token, onDone }: { readonly token: string; readonly onDone: () => void }) {
  const { t } = useTranslation();
  const password = useNewPassword(NOBODY);
  const { submit, isPending, field, formError } = useSubmit(
    () => failureOfFields({ newPassword: passwordFailure(password.value, password.states) }),
    async () => {
      const result = await authClient.resetPassword({ token, newPassword: password.value });
      if (result.error === null) onDone();
      return result;
    },
  );
  return (
    <form className={classes['form']} onSubmit={submit} noValidate>
      {formError && <Notice kind="error">{formError}</Notice>}
      <NewPasswordField
        label={t('auth.newPassword')}
        password={password}
        {...field('newPassword')}
      />
      <Button type="submit" loading={isPending}>
        {t('auth.reset.set')}
      </Button>
    </form>
  );
}

/** The page that the link in a mail leads to, with a token or an error. */
export function ResetPasswordPage() {
  const { t } = useTranslation();
  const [token] = useState(takeToken);
  const [isDone, setDone] = useState(false);
  return (
    <AuthFrame title={t('auth.reset.title')}>
      {isDone ? (
        <p className={classes['text']}>{t('auth.reset.done')}</p>
      ) : token === undefined ? (
        <Notice kind="error">{t('auth.reset.linkInvalid')}</Notice>
      ) : (
        <ResetForm token={token} onDone={() => setDone(true)} />
      )}
      <p className={classes['links']}>
        <Link to="/sign-in">{t('auth.reset.back')}</Link>
        {!isDone && <Link to="/forgot-password">{t('auth.reset.send')}</Link>}
      </p>
    </AuthFrame>
  );
}
