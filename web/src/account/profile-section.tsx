import { Button, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { authClient } from '../auth/auth-client';
import { failureOfFields, nameFailure } from '../auth/rules';
import { sessions } from '../auth/session-store';
import { useSession } from '../auth/use-session';
import { useSubmit } from '../auth/use-submit';
import { withSession } from '../auth/with-session';
import { Notice } from '../ui/notice';
import { Section } from '../ui/section';
import classes from '../ui/section.module.css';

export function ProfileSection() {
  const { t } = useTranslation();
  const { user } = useSession();
  const [name, setName] = useState(user.name);
  const [isSaved, setSaved] = useState(false);
  const { submit, isPending, field, formError } = useSubmit(
    () => failureOfFields({ name: nameFailure(name) }),
    async () => {
      const result = await withSession(() => authClient.updateUser({ name }));
      if (result.error === null) sessions.update({ ...user, name: name.trim() });
      setSaved(result.error === null);
      return result;
    },
  );
  return (
    <Section title={t('account.profile')}>
      <form className={classes['form']} onSubmit={submit} noValidate>
        {formError && <Notice kind="error">{formError}</Notice>}
        <TextInput
          label={t('auth.name')}
          autoComplete="name"
          value={name}
          onChange={(event) => {
            setName(event.currentTarget.value);
            setSaved(false);
          }}
          {...field('name')}
        />
        {isSaved && <Notice>{t('account.saved')}</Notice>}
        <Button type="submit" variant="default" loading={isPending}>
          {t('account.save')}
        </Button>
      </form>
    </Section>
  );
}
