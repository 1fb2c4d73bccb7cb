import { NetworkError } from '@taskward/client';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { SecretDialog } from '../ui/secret-dialog';
import { useFailure } from '../ui/use-failure';
import { useRequest } from '../ui/use-request';
import { FeedForm } from './feed-form';

/** Returns a function that says why no feed was created; without a response one may have been. */
function useCreateFailure(): (error: unknown) => string | undefined {
  const { t } = useTranslation();
  const failureOf = useFailure({
    quota_exceeded: t('feeds.failures.quota'),
    // The choices of the form break no other rule.
    validation_failed: t('feeds.failures.list'),
  });
  return (error) =>
    error instanceof NetworkError && navigator.onLine ? t('feeds.failures.lost') : failureOf(error);
}

/** Creates a feed, and shows its address this once. */
export function FeedDialog({ onClose }: { readonly onClose: () => void }) {
  const { t } = useTranslation();
  const [address, setAddress] = useState<string>();
  const request = useRequest(useCreateFailure());
  return (
    <SecretDialog
      title={t('feeds.new')}
      createdTitle={t('feeds.created.title')}
      secret={address}
      label={t('feeds.created.address')}
      warning={t('feeds.created.warning')}
      isPending={request.isPending}
      onClose={onClose}
    >
      <FeedForm request={request} onCreated={(feed) => setAddress(feed.url)} onClose={onClose} />
    </SecretDialog>
  );
}
