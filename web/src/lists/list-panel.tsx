import { useTranslation } from 'react-i18next';
import { TextButton } from '../ui/text-button';
import type { List } from './list';
import { ListItem } from './list-item';
import { ListOrder } from './list-order';
import type { Lists } from './use-lists';
import type { Panel } from './use-panel';
import classes from './lists.module.css';

interface ListPanelProps {
  readonly panel: Panel;
  /** Whether the panel has a title of its own. */
  readonly isTitled: boolean;
}

/** The lists of the user, in their order, and those in the archive. */
export function ListPanel({ panel, isTitled }: ListPanelProps) {
  const { t } = useTranslation();
  const { all, open, order, root, ask } = panel;
  const { lists = [], isOffline } = all;
  const onChange = (list: List) => ask({ kind: 'edit', list });
  return (
    <section ref={root} className={classes['panel']} aria-label={t('lists.title')}>
      <Heading isTitled={isTitled} isOffline={isOffline} onAdd={() => ask({ kind: 'new' })} />
      <ListOrder
        lists={open}
        isOffline={isOffline}
        label={t('lists.title')}
        onChange={onChange}
        onMove={order.move}
      />
      <PanelState {...all} />
      <Archived lists={lists.filter(({ archived }) => archived)} onChange={onChange} />
      <p className="visually-hidden" role="status">
        {order.announcement}
      </p>
      <p className={classes['error']} role="alert">
        {order.failure}
      </p>
    </section>
  );
}

interface HeadingProps {
  readonly isTitled: boolean;
  readonly isOffline: boolean;
  readonly onAdd: () => void;
}

function Heading({ isTitled, isOffline, onAdd }: HeadingProps) {
  const { t } = useTranslation();
  return (
    <div className={classes['heading']}>
      {isTitled ? <h2 className={classes['title']}>{t('lists.title')}</h2> : <span />}
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

/** Shows why there are no lists, or why they cannot be changed. */
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
