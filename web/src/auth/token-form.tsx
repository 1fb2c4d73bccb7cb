import { Button } from '@mantine/core';
import { SignedOutError } from '@taskward/client';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Notice } from '../ui/notice';
import { PasswordField } from '../ui/password-field';
import type { AuthError } from './failure';
import { sessions } from './session-store';
import { useSubmit } from './use-submit';
import classes from './form.module.css';

/** Enters with a token, or returns why it cannot be used. */
async function enter(token: string): Promise<{ error: AuthError | null }> {
  try {
    const isOwn = await sessions.enterWithToken(token);
    return { error: isOwn ? null : { status: 403, code: 'TOKEN_OF_OTHER' } };
  } catch (error) {
    if (error instanceof SignedOutError) return { error: { status: 401, code: 'TOKEN_REFUSED' } };
    throw error;
  }
}

/** Takes a token of a remote issuer. It stays in memory. */
export function TokenForm() {
  const { t } = useTranslation();
  const [token, setToken] = useState('');
  const { submit, isPending, field, formError } = useSubmit(
    () => (token.trim() === '' ? { fields: { token: 'required' } } : undefined),
    () => enter(token.trim().replace(/^Bearer\s+/i, '')),
  );
  return (
    <form className={classes['form']} onSubmit={submit} noValidate>
      {formError && <Notice kind="error">{formError}</Notice>}
      <PasswordField
        label={t('auth.token.label')}
        autoComplete="off"
        spellCheck={false}
        data-autofocus
        value={token}
        onChange={(event) => setToken(event.currentTarget.value)}
        {...field('token')}
      />
      <Button type="submit" loading={isPending}>
        {t('auth.token.enter')}
      </Button>
    </form>
  );
}
