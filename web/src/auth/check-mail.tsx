import { Button, TextInput } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Notice } from '../ui/notice';
import { authClient } from './auth-client';
import { emailFailure, failureOfFields } from './rules';
import { useSubmit } from './use-submit';
import classes from './form.module.css';

interface CheckMailProps {
  /** Address that a mail has been sent to; otherwise it is asked for. */
  readonly email?: string;
}

/** Sends the link that verifies an address once more. */
export function CheckMail({ email: known }: CheckMailProps) {
  const { t } = useTranslation();
  const [email, setEmail] = useState(known ?? '');
  const [isSent, setSent] = useState(false);
  const { submit, isPending, field, formError } = useSubmit(
    () => failureOfFields({ email: emailFailure(email.trim()) }),
    async () => {
      const callbackURL = '/verified';
      const result = await authClient.sendVerificationEmail({ email: email.trim(), callbackURL });
      setSent(result.error === null);
      return result;
    },
  );
  return (
    <form className={classes['form']} onSubmit={submit} noValidate>
      {formError && <Notice kind="error">{formError}</Notice>}
      {isSent && <Notice>{t('auth.checkMail.sent')}</Notice>}
      {known === undefined && (
        <TextInput
          type="email"
          label={t('auth.email')}
          autoComplete="username"
          value={email}
          onChange={(event) => setEmail(event.currentTarget.value)}
          {...field('email')}
        />
      )}
      <Button type="submit" variant="default" loading={isPending}>
        {t('auth.checkMail.again')}
      </Button>
      <Link to="/sign-in">{t('auth.reset.back')}</Link>
    </form>
  );
}
