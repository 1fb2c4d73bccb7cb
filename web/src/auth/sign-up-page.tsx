import { Button, TextInput } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Notice } from '../ui/notice';
import { authClient } from './auth-client';
import { AuthFrame } from './auth-frame';
import { CheckMail } from './check-mail';
import { NewPasswordField, useNewPassword } from './new-password-field';
import { emailFailure, failureOfFields, nameFailure, passwordFailure } from './rules';
import { sessions } from './session-store';
import { useSubmit } from './use-submit';
import classes from './form.module.css';

interface SignUpFormProps {
  /** Called when a mail has been sent, and nobody is signed in until its link is opened. */
  readonly onMailed: (email: string) => void;
}

function SignUpForm({ onMailed }: SignUpFormProps) {
  const { t } = useTranslation();
  const [name, setName] = useState('');
  const [email, setEmail] = useState('');
  const password = useNewPassword({ name, email });
  const { submit, isPending, field, formError } = useSubmit(
    () =>
      failureOfFields({
        name: nameFailure(name),
        email: emailFailure(email.trim()),
        newPassword: passwordFailure(password.value, password.states),
      }),
    async () => {
      const result = await authClient.signUp.email({
        name,
        email: email.trim(),
        password: password.value,
        callbackURL: '/verified',
      });
      if (result.data?.token) sessions.enter(result.data.user);
      else if (result.data) onMailed(email.trim());
      return result;
    },
  );
  return (
    <form className={classes['form']} onSubmit={submit} noValidate>
      {formError && <Notice kind="error">{formError}</Notice>}
      <TextInput
        label={t('auth.name')}
        autoComplete="name"
        autoFocus
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
        {...field('name')}
      />
      <TextInput
        type="email"
        label={t('auth.email')}
        autoComplete="username"
        autoCapitalize="none"
        value={email}
        onChange={(event) => setEmail(event.currentTarget.value)}
        {...field('email')}
      />
      <NewPasswordField label={t('auth.password')} password={password} {...field('newPassword')} />
      <Button type="submit" loading={isPending}>
        {t('auth.signUp')}
      </Button>
    </form>
  );
}

export function SignUpPage() {
  const { t } = useTranslation();
  const [mailed, setMailed] = useState<string>();
  if (mailed !== undefined) {
    return (
      <AuthFrame title={t('auth.checkMail.title')}>
        <p className={classes['text']}>{t('auth.checkMail.verify', { email: mailed })}</p>
        <CheckMail email={mailed} />
      </AuthFrame>
    );
  }
  return (
    <AuthFrame title={t('auth.signUpTitle')}>
      <SignUpForm onMailed={setMailed} />
      <p className={classes['links']}>
        <span>
          {t('auth.haveAccount')}{' '}
          <Link to="/sign-in" search>
            {t('auth.signIn')}
          </Link>
        </span>
      </p>
    </AuthFrame>
  );
}
