import { Button } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { authClient } from '../auth/auth-client';
import { failureOfFields } from '../auth/rules';
import { sessions } from '../auth/session-store';
import { useSubmit } from '../auth/use-submit';
import { withSession } from '../auth/with-session';
import { Notice } from '../ui/notice';
import { PasswordField } from '../ui/password-field';
import { Section } from '../ui/section';
import classes from '../ui/section.module.css';

export function DeletionSection() {
  const { t } = useTranslation();
  const [password, setPassword] = useState('');
  const { submit, isPending, field, formError } = useSubmit(
    () => failureOfFields({ password: password === '' ? 'required' : undefined }),
    async () => {
      const result = await withSession(() => authClient.deleteUser({ password }));
      if (result.error === null) {
        // The account is gone, whatever becomes of what is stored here.
        await sessions.mayLeave('account-deleted').catch(() => undefined);
        sessions.leave();
      }
      return result;
    },
  );
  return (
    <Section title={t('account.deletion')} help={t('account.deletionHelp')}>
      <form className={classes['form']} onSubmit={submit} noValidate>
        {formError && <Notice kind="error">{formError}</Notice>}
        <PasswordField
          label={t('auth.password')}
          autoComplete="current-password"
          value={password}
          onChange={(event) => setPassword(event.currentTarget.value)}
          {...field('password')}
        />
        <Button type="submit" className="danger" variant="outline" loading={isPending}>
          {t('account.delete')}
        </Button>
      </form>
    </Section>
  );
}
