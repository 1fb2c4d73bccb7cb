import { useTranslation } from 'react-i18next';
import { useSession } from '../auth/use-session';
import { SecretList, type SecretTexts } from '../ui/secret-list';
import { TokenDialog } from './token-dialog';
import { TokenItem } from './token-item';
import { useRefreshTokens, useTokens } from './use-tokens';

function useTexts(): SecretTexts {
  const { t } = useTranslation();
  const { issuer } = useSession();
  return {
    title: t('tokens.title'),
    help: t('tokens.help'),
    none: t('tokens.none'),
    create: t('tokens.new'),
    revoke: t('app.revoke'),
    lifetime: t(issuer.kind === 'embedded' ? 'tokens.lifetime' : 'tokens.remoteLifetime'),
    revokeOne: (name) => t('tokens.revokeOne', { name }),
    revoked: (name) => t('tokens.revoked', { name }),
    confirm: (name) => t('tokens.confirm', { name }),
    confirmText: t('tokens.confirmText'),
  };
}

/** The personal tokens of the user. */
export function TokensSection() {
  const { client } = useSession();
  const { data, dataUpdatedAt, error } = useTokens();
  return (
    <SecretList
      texts={useTexts()}
      items={data}
      error={error}
      nameOf={(token) => token.name}
      render={(token) => <TokenItem token={token} readAt={dataUpdatedAt} />}
      dialog={(onClose) => <TokenDialog onClose={onClose} />}
      revoke={({ id }) => client.DELETE('/api/v1/tokens/{id}', { params: { path: { id } } })}
      refresh={useRefreshTokens()}
    />
  );
}
