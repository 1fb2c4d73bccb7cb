import { useNavigate } from '@tanstack/react-router';
import { useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { TextButton } from '../ui/text-button';
import type { List } from './list';
import { ListItem } from './list-item';
import { ListOrder } from './list-order';
import { PanelDialogs } from './panel-dialogs';
import type { PanelRequest } from './panel-requests';
import { useListOrder } from './use-list-order';
import { type Lists, useLists } from './use-lists';
import { usePanel } from './use-panel';
import classes from './lists.module.css';

export interface ListPanelProps {
  /** The request that brought the panel to the page. */
  readonly request?: PanelRequest;
  /** Called after a list went to the trash. */
  readonly onRemoved: (list: List) => void;
}

/** The lists of the user, and all that changes them. */
export function ListPanel({ request, onRemoved }: ListPanelProps) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const all = useLists();
  const root = useRef<HTMLElement>(null);
  const panel = usePanel(root, request);
  const open = all.lists?.filter(({ archived }) => !archived) ?? [];
  const order = useListOrder(open);
  return (
    <section ref={root} className={classes['panel']} aria-label={t('lists.title')}>
      <Heading isOffline={all.isOffline} onAdd={() => panel.open({ kind: 'new' })} />
      <ListOrder
        lists={open}
        isOffline={all.isOffline}
        label={t('lists.title')}
        onChange={(list) => panel.open({ kind: 'edit', list })}
        onMove={order.move}
      />
      <PanelState {...all} />
      <Archived
        lists={all.lists?.filter(({ archived }) => archived) ?? []}
        onChange={(list) => panel.open({ kind: 'edit', list })}
      />
      <p className="visually-hidden" role="status">
        {order.announcement}
      </p>
      <p className={classes['error']} role="alert">
        {order.failure}
      </p>
      <PanelDialogs
        panel={panel}
        lists={all.lists ?? []}
        onMove={(list, by) => order.move(list, open.indexOf(list) + by)}
        onCreated={({ id }) => void navigate({ to: '/all', search: { list: id } })}
        onRemoved={onRemoved}
      />
    </section>
  );
}

function Heading({
  isOffline,
  onAdd,
}: {
  readonly isOffline: boolean;
  readonly onAdd: () => void;
}) {
  const { t } = useTranslation();
  return (
    <div className={classes['heading']}>
      <h2 className={classes['title']}>{t('lists.title')}</h2>
      <button
        type="button"
        className={classes['more']}
        aria-label={t('lists.add')}
        title={isOffline ? t('lists.offline') : t('lists.add')}
        disabled={isOffline}
        onClick={onAdd}
      >
        +
      </button>
    </div>
  );
}

/** Says why there are no lists, or why they cannot be changed. */
function PanelState({ lists, error, isOffline, refresh }: Lists) {
  const { t } = useTranslation();
  if (isOffline) return <p className={classes['state']}>{t('lists.offline')}</p>;
  if (lists?.length === 0) return <p className={classes['state']}>{t('lists.empty')}</p>;
  if (lists !== undefined) return null;
  return error === null ? (
    <p className={classes['state']}>{t('lists.loading')}</p>
  ) : (
    <p className={classes['state']} role="alert">
      {t('lists.failed')} <TextButton onClick={refresh}>{t('lists.retry')}</TextButton>
    </p>
  );
}

interface ArchivedProps {
  readonly lists: readonly List[];
  readonly onChange: (list: List) => void;
}

function Archived({ lists, onChange }: ArchivedProps) {
  const { t } = useTranslation();
  if (lists.length === 0) return null;
  const title = t('lists.archived', { count: lists.length });
  return (
    <details className={classes['archived']}>
      <summary className={classes['summary']}>{title}</summary>
      <ul className={classes['items']} aria-label={title}>
        {lists.map((list) => (
          <ListItem key={list.id} list={list} onChange={onChange} />
        ))}
      </ul>
    </details>
  );
}
