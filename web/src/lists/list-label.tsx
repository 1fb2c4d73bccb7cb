import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { ListDot } from './list-dot';
import { useList } from './use-lists';
import classes from './lists.module.css';

interface ListLabelProps {
  readonly id: string;
  readonly tabIndex: number;
}

/** Colour and name of the list that something is in, and the way there. */
export function ListLabel({ id, tabIndex }: ListLabelProps) {
  const { t } = useTranslation();
  const list = useList(id);
  if (list === undefined) return null;
  return (
    <Link
      to="/all"
      search={{ list: id }}
      className={classes['label'] ?? ''}
      tabIndex={tabIndex}
      title={t('lists.show', { name: list.name })}
    >
      <ListDot color={list.color} />
      <span className="visually-hidden">{t('lists.show', { name: list.name })}</span>
      <span className={classes['name']} dir="auto" aria-hidden="true">
        {list.name}
      </span>
    </Link>
  );
}
