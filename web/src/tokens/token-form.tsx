import { Button, NativeSelect, TextInput } from '@mantine/core';
import type { CreatedPersonalToken } from '@taskward/client';
import { type SubmitEvent, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useSession } from '../auth/use-session';
import { Notice } from '../ui/notice';
import type { Request } from '../ui/use-request';
import { EXPIRIES, type Expiry, expiresAtOf } from './expiry';
import type { TokenFailure } from './token-failure';
import { useRefreshTokens } from './use-tokens';
import classes from '../ui/section.module.css';

const SCOPES = { read: ['tasks:read'], write: ['tasks:read', 'tasks:write'] } as const;
type Access = keyof typeof SCOPES;

interface TokenFormProps {
  readonly request: Request<TokenFailure>;
  readonly onCreated: (token: CreatedPersonalToken) => void;
  readonly onClose: () => void;
}

/** Fields of a new token; what is wrong with them is known once they were sent. */
function useTokenForm({ request, onCreated }: TokenFormProps) {
  const { client } = useSession();
  const refresh = useRefreshTokens();
  const [name, setName] = useState('');
  const [access, setAccess] = useState<Access>('read');
  const [expiry, setExpiry] = useState<Expiry>('90');
  const [day, setDay] = useState('');
  const [isWithoutDay, setWithoutDay] = useState(false);
  const send = async () => {
    const expiresAt = expiresAtOf(expiry, day, Date.now());
    setWithoutDay(expiresAt === undefined);
    if (expiresAt === undefined) return;
    await request.run(async () => {
      const body = { name, scopes: [...SCOPES[access]], expiresAt };
      onCreated((await client.POST('/api/v1/tokens', { body })).data);
    });
    refresh();
  };
  return {
    ...{ name, setName, access, setAccess, expiry, setExpiry, day, setDay },
    ...{ failure: request.failure, isPending: request.isPending, isWithoutDay, send },
  };
}

export function TokenForm(props: TokenFormProps) {
  const { t } = useTranslation();
  const form = useTokenForm(props);
  const { failure, isWithoutDay } = form;
  // A refused field gets the focus: screen readers then read its error.
  const element = useRef<HTMLFormElement>(null);
  useEffect(() => {
    element.current?.querySelector<HTMLElement>('[data-error] input')?.focus();
  }, [failure, isWithoutDay]);
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    void form.send();
  };
  return (
    <form ref={element} className={classes['dialog']} onSubmit={submit} noValidate>
      {failure?.whole && <Notice kind="error">{failure.whole}</Notice>}
      <TextInput
        label={t('tokens.create.name')}
        description={t('tokens.create.nameHelp')}
        dir="auto"
        autoComplete="off"
        data-autofocus
        value={form.name}
        error={failure?.name}
        onChange={(event) => form.setName(event.currentTarget.value)}
      />
      <NativeSelect
        label={t('tokens.create.access')}
        value={form.access}
        onChange={(event) => form.setAccess(event.currentTarget.value as Access)}
        data={[
          { value: 'read', label: t('tokens.create.accessRead') },
          { value: 'write', label: t('tokens.create.accessWrite') },
        ]}
      />
      <ExpiryField {...form} />
      <div className={classes['buttons']}>
        <Button type="submit" loading={form.isPending}>
          {t('tokens.create.submit')}
        </Button>
        <Button variant="default" disabled={form.isPending} onClick={props.onClose}>
          {t('app.cancel')}
        </Button>
      </div>
    </form>
  );
}

function ExpiryField(form: ReturnType<typeof useTokenForm>) {
  const { t } = useTranslation();
  const texts: Record<Expiry, string> = {
    30: t('tokens.create.days', { count: 30 }),
    90: t('tokens.create.days', { count: 90 }),
    365: t('tokens.create.year'),
    day: t('tokens.create.day'),
    never: t('tokens.create.never'),
  };
  const dayError = form.isWithoutDay ? t('tokens.failures.date') : form.failure?.expiresAt;
  return (
    <>
      <NativeSelect
        label={t('tokens.create.expiry')}
        description={form.expiry === 'never' ? t('tokens.create.neverHelp') : undefined}
        value={form.expiry}
        onChange={(event) => form.setExpiry(event.currentTarget.value as Expiry)}
        data={EXPIRIES.map((value) => ({ value, label: texts[value] }))}
      />
      {form.expiry === 'day' && (
        <TextInput
          type="date"
          label={t('tokens.create.date')}
          max="9999-12-31"
          value={form.day}
          error={dayError}
          onChange={(event) => form.setDay(event.currentTarget.value)}
        />
      )}
    </>
  );
}
