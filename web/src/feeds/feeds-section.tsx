import type { Feed } from '@taskward/client';
import { useTranslation } from 'react-i18next';
import { useSession } from '../auth/use-session';
import { localeOf } from '../i18n/locale';
import { useLists } from '../lists/use-lists';
import { SecretList, type SecretTexts } from '../ui/secret-list';
import { FeedDialog } from './feed-dialog';
import { useFeeds, useRefreshFeeds } from './use-feeds';
import classes from '../ui/section.module.css';

function useTexts(): SecretTexts {
  const { t } = useTranslation();
  const { issuer } = useSession();
  return {
    title: t('feeds.title'),
    help: t('feeds.help'),
    none: t('feeds.none'),
    create: t('feeds.new'),
    revoke: t('app.revoke'),
    lifetime: t(issuer.kind === 'embedded' ? 'feeds.lifetime' : 'feeds.remoteLifetime'),
    revokeOne: (name) => t('feeds.revokeOne', { name }),
    revoked: (name) => t('feeds.revoked', { name }),
    confirm: (name) => t('feeds.confirm', { name }),
    confirmText: t('feeds.confirmText'),
  };
}

/** Returns a function that names a feed by its list and by how it shows tasks. */
function useNameOf(): (feed: Feed) => string {
  const { t } = useTranslation();
  const { lists } = useLists();
  const listOf = ({ listId }: Feed) => {
    if (listId === null) return t('feeds.all');
    if (lists === undefined) return '…';
    return lists.find(({ id }) => id === listId)?.name ?? t('feeds.trashed');
  };
  return (feed) => t('feeds.name', { list: listOf(feed), kind: t(`feeds.kinds.${feed.as}`) });
}

/** The calendar feeds of the user. */
export function FeedsSection() {
  const { t, i18n } = useTranslation();
  const { client } = useSession();
  const { data, error } = useFeeds();
  const nameOf = useNameOf();
  const dateOf = ({ createdAt }: Feed) =>
    new Date(createdAt).toLocaleDateString(localeOf(i18n.language), { dateStyle: 'medium' });
  return (
    <SecretList
      texts={useTexts()}
      items={data}
      error={error}
      nameOf={nameOf}
      render={(feed) => (
        <>
          <p className={classes['name']}>
            <bdi>{nameOf(feed)}</bdi>
          </p>
          <p className={classes['help']}>{t('feeds.made', { date: dateOf(feed) })}</p>
        </>
      )}
      dialog={(onClose) => <FeedDialog onClose={onClose} />}
      revoke={({ id }) => client.DELETE('/api/v1/feeds/{id}', { params: { path: { id } } })}
      refresh={useRefreshFeeds()}
    />
  );
}
