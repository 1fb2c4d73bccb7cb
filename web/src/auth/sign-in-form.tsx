import { Button, Checkbox, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Notice } from '../ui/notice';
import { PasswordField } from '../ui/password-field';
import { authClient } from './auth-client';
import { emailFailure, failureOfFields } from './rules';
import { sessions } from './session-store';
import { useSubmit } from './use-submit';
import type { User } from './user';
import classes from './form.module.css';

interface SignInFormProps {
  /** The user who has to sign in again; the address cannot be another one. */
  readonly user?: User;
}

/** Signs in, and continues as that user. */
export function SignInForm({ user }: SignInFormProps) {
  const { t } = useTranslation();
  const [email, setEmail] = useState(user?.email ?? '');
  const [password, setPassword] = useState('');
  const [rememberMe, setRememberMe] = useState(true);
  const { submit, isPending, field, formError } = useSubmit(
    () =>
      failureOfFields({
        email: emailFailure(email.trim()),
        password: password === '' ? 'required' : undefined,
      }),
    async () => {
      const result = await authClient.signIn.email({ email: email.trim(), password, rememberMe });
      if (result.data) sessions.enter(result.data.user);
      return result;
    },
  );
  return (
    <form className={classes['form']} onSubmit={submit} noValidate>
      {formError && <Notice kind="error">{formError}</Notice>}
      <TextInput
        type="email"
        label={t('auth.email')}
        autoComplete="username"
        autoCapitalize="none"
        readOnly={user !== undefined}
        data-autofocus={user === undefined ? true : undefined}
        autoFocus={user === undefined}
        value={email}
        onChange={(event) => setEmail(event.currentTarget.value)}
        {...field('email')}
      />
      <PasswordField
        label={t('auth.password')}
        autoComplete="current-password"
        data-autofocus={user !== undefined ? true : undefined}
        value={password}
        onChange={(event) => setPassword(event.currentTarget.value)}
        {...field('password')}
      />
      <Checkbox
        label={t('auth.stayIn')}
        checked={rememberMe}
        onChange={(event) => setRememberMe(event.currentTarget.checked)}
      />
      <Button type="submit" loading={isPending}>
        {t('auth.signIn')}
      </Button>
    </form>
  );
}
