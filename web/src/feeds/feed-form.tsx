import { Button, NativeSelect } from '@mantine/core';
import type { CreatedFeed, Feed } from '@taskward/client';
import { type SubmitEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useSession } from '../auth/use-session';
import { useLists } from '../lists/use-lists';
import { Notice } from '../ui/notice';
import type { Request } from '../ui/use-request';
import { useRefreshFeeds } from './use-feeds';
import classes from '../ui/section.module.css';

const KINDS = ['events', 'todos'] as const;

interface FeedFormProps {
  readonly request: Request<string | undefined>;
  readonly onCreated: (feed: CreatedFeed) => void;
  readonly onClose: () => void;
}

/** Chooses what a new feed shows, and how. */
export function FeedForm({ request, onCreated, onClose }: FeedFormProps) {
  const { t } = useTranslation();
  const { client } = useSession();
  const { lists = [] } = useLists();
  const refresh = useRefreshFeeds();
  const [list, setList] = useState('');
  const [kind, setKind] = useState<Feed['as']>('events');
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    const body = { as: kind, listId: list === '' ? null : list };
    const create = async () => onCreated((await client.POST('/api/v1/feeds', { body })).data);
    void request.run(create).then(refresh);
  };
  return (
    <form className={classes['dialog']} onSubmit={submit} noValidate>
      {request.failure !== undefined && <Notice kind="error">{request.failure}</Notice>}
      <NativeSelect
        label={t('feeds.create.list')}
        data-autofocus
        value={list}
        onChange={(event) => setList(event.currentTarget.value)}
        data={[
          { value: '', label: t('feeds.all') },
          ...lists.map(({ id, name }) => ({ value: id, label: name })),
        ]}
      />
      <NativeSelect
        label={t('feeds.create.kind')}
        description={t(`feeds.kindsHelp.${kind}`)}
        value={kind}
        onChange={(event) => setKind(event.currentTarget.value as Feed['as'])}
        data={KINDS.map((value) => ({ value, label: t(`feeds.kinds.${value}`) }))}
      />
      <div className={classes['buttons']}>
        <Button type="submit" loading={request.isPending}>
          {t('feeds.create.submit')}
        </Button>
        <Button variant="default" disabled={request.isPending} onClick={onClose}>
          {t('app.cancel')}
        </Button>
      </div>
    </form>
  );
}
