import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { List } from './list';
import { ListDot } from './list-dot';
import { RemoveForGoodDialog } from './remove-for-good-dialog';
import { useListActions } from './use-list-actions';
import { useLists, useTrashedLists } from './use-lists';
import { useListFailure } from './list-failure';
import { useRequest } from '../ui/use-request';
import classes from './lists.module.css';

interface TrashedListsProps {
  readonly onRestored: (list: List) => void;
}

/** The lists in the trash, each with the tasks that went there with it. */
export function TrashedLists({ onRestored }: TrashedListsProps) {
  const { t } = useTranslation();
  const lists = useTrashedLists();
  const { isOffline } = useLists();
  const actions = useListActions();
  const { failure, isPending, run } = useRequest(useListFailure());
  const [asked, ask] = useState<List>();
  const restore = async (list: List) => {
    const error = await run(() => actions.restore(list.id));
    if (error === undefined) onRestored(list);
    else void actions.refresh();
  };
  if (lists.length === 0) return null;
  return (
    <section className={classes['trash']} aria-label={t('lists.trash.title')}>
      <h2 className={classes['title']}>{t('lists.trash.title')}</h2>
      <p className={classes['error']} role="alert">
        {failure?.whole}
      </p>
      {isOffline && <p className={classes['help']}>{t('lists.offline')}</p>}
      <ul className={classes['items']}>
        {lists.map((list) => (
          <TrashedList
            key={list.id}
            list={list}
            isDisabled={isOffline || isPending}
            onRestore={() => void restore(list)}
            onDelete={() => ask(list)}
          />
        ))}
      </ul>
      {asked && <RemoveForGoodDialog list={asked} onClose={() => ask(undefined)} />}
    </section>
  );
}

interface TrashedListProps {
  readonly list: List;
  readonly isDisabled: boolean;
  readonly onRestore: () => void;
  readonly onDelete: () => void;
}

function TrashedList({ list, isDisabled, onRestore, onDelete }: TrashedListProps) {
  const { t } = useTranslation();
  const { name } = list;
  const button = (label: string, mark: string, onClick: () => void) => (
    <button
      type="button"
      className={classes['more']}
      aria-label={label}
      title={label}
      disabled={isDisabled}
      onClick={onClick}
    >
      {mark}
    </button>
  );
  return (
    <li className={classes['trashed']}>
      <ListDot color={list.color} />
      <span className={classes['name']} dir="auto">
        {name}
      </span>
      {button(t('lists.trash.restore', { name }), '↺', onRestore)}
      {button(t('lists.trash.deleteForGood', { name }), '×', onDelete)}
    </li>
  );
}
