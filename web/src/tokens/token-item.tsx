import type { PersonalToken } from '@taskward/client';
import { useTranslation } from 'react-i18next';
import { localeOf } from '../i18n/locale';
import classes from '../ui/section.module.css';

interface TokenItemProps {
  readonly token: PersonalToken;
  /** When the tokens were read. */
  readonly readAt: number;
}

/** Returns what is known of a token, and whether it has expired. */
function useTokenDetails({ token, readAt }: TokenItemProps) {
  const { scopes, createdAt, expiresAt, lastUsedOn } = token;
  const { t, i18n } = useTranslation();
  const dateOf = (date: string, timeZone?: string) =>
    new Date(date).toLocaleDateString(localeOf(i18n.language), {
      dateStyle: 'medium',
      ...(timeZone !== undefined && { timeZone }),
    });
  const isExpired = expiresAt !== null && new Date(expiresAt).valueOf() <= readAt;
  const end =
    expiresAt === null ? t('tokens.never') : t('tokens.expires', { date: dateOf(expiresAt) });
  const details = [
    t(scopes.includes('tasks:write') ? 'tokens.write' : 'tokens.read'),
    t('tokens.made', { date: dateOf(createdAt) }),
    ...(isExpired ? [] : [end]),
    // A day of UTC.
    lastUsedOn === null
      ? t('tokens.unused')
      : t('tokens.used', { date: dateOf(lastUsedOn, 'UTC') }),
  ];
  const expired = isExpired ? t('tokens.expired', { date: dateOf(expiresAt) }) : undefined;
  return { details: details.join(' · '), expired };
}

export function TokenItem(props: TokenItemProps) {
  const { details, expired } = useTokenDetails(props);
  return (
    <>
      <p className={classes['name']}>
        <bdi>{props.token.name}</bdi>
        {expired !== undefined && (
          <span className={classes['badge']} data-kind="error">
            {expired}
          </span>
        )}
      </p>
      <p className={classes['help']}>{details}</p>
    </>
  );
}
