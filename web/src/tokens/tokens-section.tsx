import { Button } from '@mantine/core';
import type { PersonalToken } from '@taskward/client';
import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useSession } from '../auth/use-session';
import { Notice } from '../ui/notice';
import { Section } from '../ui/section';
import { RevokeDialog } from './revoke-dialog';
import { TokenDialog } from './token-dialog';
import { useTokenFailure } from './token-failure';
import { TokenItem } from './token-item';
import { useTokens } from './use-tokens';
import classes from '../ui/section.module.css';

/** Lists the personal tokens; creates and revokes them in dialogs. */
export function TokensSection() {
  const { t } = useTranslation();
  const { issuer } = useSession();
  const [isCreating, setCreating] = useState(false);
  const [revoking, setRevoking] = useState<PersonalToken>();
  const [revoked, setRevoked] = useState<string>();
  const newButton = useRef<HTMLButtonElement>(null);
  const endRevoking = (name?: string) => {
    setRevoking(undefined);
    setRevoked(name);
    // The button that opened the dialog is gone.
    if (name !== undefined) newButton.current?.focus();
  };
  return (
    <Section title={t('tokens.title')} help={t('tokens.help')}>
      <TokenList onRevoke={setRevoking} />
      {revoked !== undefined && <Notice>{t('tokens.revoked', { name: revoked })}</Notice>}
      <Button ref={newButton} variant="default" onClick={() => setCreating(true)}>
        {t('tokens.new')}
      </Button>
      <p className={classes['help']}>
        {t(issuer.kind === 'embedded' ? 'tokens.lifetime' : 'tokens.remoteLifetime')}
      </p>
      {isCreating && <TokenDialog onClose={() => setCreating(false)} />}
      {revoking && (
        <RevokeDialog
          token={revoking}
          onRevoked={() => endRevoking(revoking.name)}
          onClose={() => endRevoking()}
        />
      )}
    </Section>
  );
}

function TokenList({ onRevoke }: { readonly onRevoke: (token: PersonalToken) => void }) {
  const { t } = useTranslation();
  const { data, dataUpdatedAt, error } = useTokens();
  const failure = useTokenFailure()(error).whole;
  return (
    <>
      {error && failure !== undefined && <Notice kind="error">{failure}</Notice>}
      {data?.length === 0 ? (
        <p className={classes['help']}>{t('tokens.none')}</p>
      ) : (
        <ul
          className={classes['items']}
          aria-label={t('tokens.title')}
          aria-busy={data === undefined && !error}
        >
          {data?.map((token) => (
            <TokenItem
              key={token.id}
              token={token}
              readAt={dataUpdatedAt}
              onRevoke={() => onRevoke(token)}
            />
          ))}
        </ul>
      )}
    </>
  );
}
