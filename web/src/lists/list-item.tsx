import { useSortable } from '@dnd-kit/sortable';
import { Link } from '@tanstack/react-router';
import type { KeyboardEvent } from 'react';
import { useTranslation } from 'react-i18next';
import type { List } from './list';
import { ListDot } from './list-dot';
import classes from './lists.module.css';

interface ListItemProps {
  readonly list: List;
  readonly onChange: (list: List) => void;
  /** Absent if the list has no place of its own: it is archived, or there is no connection. */
  readonly onMove?: ((list: List, by: 1 | -1) => void) | undefined;
}

/** A list of the sidebar, which can be dragged, or moved by Alt and an arrow key. */
export function SortableListItem(props: ListItemProps) {
  const { list, onMove } = props;
  const { setNodeRef, listeners, transform, transition, isDragging } = useSortable({
    id: list.id,
    disabled: onMove === undefined,
  });
  return (
    <li
      ref={setNodeRef}
      className={classes['item']}
      data-dragging={isDragging}
      style={{
        transform: transform ? `translateY(${Math.round(transform.y)}px)` : undefined,
        transition,
      }}
      {...listeners}
    >
      <ListLink {...props} />
    </li>
  );
}

export function ListItem(props: ListItemProps) {
  return (
    <li className={classes['item']}>
      <ListLink {...props} />
    </li>
  );
}

function ListLink({ list, onChange, onMove }: ListItemProps) {
  const { t } = useTranslation();
  const { name, color } = list;
  const count = list.tasks?.open ?? 0;
  const onKeyDown = (event: KeyboardEvent) => {
    const by = event.key === 'ArrowUp' ? -1 : event.key === 'ArrowDown' ? 1 : undefined;
    if (!event.altKey || by === undefined) return;
    event.preventDefault();
    onMove?.(list, by);
  };
  return (
    <>
      <Link
        to="/all"
        search={{ list: list.id }}
        activeOptions={{ includeSearch: true }}
        className={classes['link'] ?? ''}
        aria-keyshortcuts={onMove && 'Alt+ArrowUp Alt+ArrowDown'}
        draggable={false}
        data-list={list.id}
        onKeyDown={onKeyDown}
      >
        <ListDot color={color} />
        <span className={classes['name']} dir="auto">
          {name}
        </span>
        {count > 0 && (
          <span className={classes['count']}>
            <span aria-hidden="true">{count}</span>
            <span className="visually-hidden">{t('lists.openTasks', { count })}</span>
          </span>
        )}
      </Link>
      <button
        type="button"
        className={classes['more']}
        aria-label={t('lists.change', { name })}
        title={t('lists.change', { name })}
        onClick={() => onChange(list)}
      >
        ⋯
      </button>
    </>
  );
}
