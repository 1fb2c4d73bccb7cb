import { Button } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { authClient } from '../auth/auth-client';
import { NewPasswordField, useNewPassword } from '../auth/new-password-field';
import { failureOfFields, passwordFailure } from '../auth/rules';
import { useSession } from '../auth/use-session';
import { useSubmit } from '../auth/use-submit';
import { withSession } from '../auth/with-session';
import { Notice } from '../ui/notice';
import { PasswordField } from '../ui/password-field';
import { Section } from '../ui/section';
import classes from '../ui/section.module.css';

export function PasswordSection() {
  const { t } = useTranslation();
  const { user } = useSession();
  const [currentPassword, setCurrentPassword] = useState('');
  const [isChanged, setChanged] = useState(false);
  const password = useNewPassword(user);
  const { submit, isPending, field, formError } = useSubmit(
    () =>
      failureOfFields({
        password: currentPassword === '' ? 'required' : undefined,
        newPassword: passwordFailure(password.value, password.states),
      }),
    async () => {
      const body = { currentPassword, newPassword: password.value };
      const result = await withSession(() => authClient.changePassword(body));
      setChanged(result.error === null);
      if (result.error === null) {
        setCurrentPassword('');
        password.setValue('');
      }
      return result;
    },
  );
  return (
    <Section title={t('account.password')}>
      <form className={classes['form']} onSubmit={submit} noValidate>
        {formError && <Notice kind="error">{formError}</Notice>}
        <input type="hidden" name="username" autoComplete="username" value={user.email} />
        <PasswordField
          label={t('account.currentPassword')}
          autoComplete="current-password"
          value={currentPassword}
          onChange={(event) => setCurrentPassword(event.currentTarget.value)}
          {...field('password')}
        />
        <NewPasswordField
          label={t('auth.newPassword')}
          password={password}
          {...field('newPassword')}
        />
        {isChanged && <Notice>{t('account.passwordChanged')}</Notice>}
        <Button type="submit" variant="default" loading={isPending}>
          {t('account.changePassword')}
        </Button>
      </form>
    </Section>
  );
}
