import { Button, TextInput } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Notice } from '../ui/notice';
import { authClient } from './auth-client';
import { AuthFrame } from './auth-frame';
import { emailFailure, failureOfFields } from './rules';
import { useSubmit } from './use-submit';
import classes from './form.module.css';

export function ForgotPasswordPage() {
  const { t } = useTranslation();
  const [email, setEmail] = useState('');
  const [isSent, setSent] = useState(false);
  const { submit, isPending, field, formError } = useSubmit(
    () => failureOfFields({ email: emailFailure(email.trim()) }),
    async () => {
      const redirectTo = '/reset-password';
      const result = await authClient.requestPasswordReset({ email: email.trim(), redirectTo });
      setSent(result.error === null);
      return result;
    },
  );
  return (
    <AuthFrame title={t('auth.reset.title')}>
      <p className={classes['text']}>{t('auth.reset.ask')}</p>
      <form className={classes['form']} onSubmit={submit} noValidate>
        {formError && <Notice kind="error">{formError}</Notice>}
        {isSent && <Notice>{t('auth.reset.sent')}</Notice>}
        <TextInput
          type="email"
          label={t('auth.email')}
          autoComplete="username"
          autoFocus
          value={email}
          onChange={(event) => setEmail(event.currentTarget.value)}
          {...field('email')}
        />
        <Button type="submit" loading={isPending}>
          {t('auth.reset.send')}
        </Button>
      </form>
      <p className={classes['links']}>
        <Link to="/sign-in">{t('auth.reset.back')}</Link>
      </p>
    </AuthFrame>
  );
}
