import { useId } from 'react';
import { useTranslation } from 'react-i18next';
import { useLists } from '../lists/use-lists';
import classes from './task-editor.module.css';

interface ListFieldProps {
  readonly listId: string | null;
  /** A subtask is in the list of its parent. */
  readonly isSubtask: boolean;
  readonly error: string | undefined;
  readonly onChange: (listId: string | null) => void;
}

/** The list of a task, or none. Archived lists take tasks, too, but are offered to those in them alone. */
export function ListField({ listId, isSubtask, error, onChange }: ListFieldProps) {
  const { t } = useTranslation();
  const { lists = [] } = useLists();
  const id = useId();
  const choices = lists.filter((list) => !list.archived || list.id === listId);
  const isUnknown = listId !== null && !choices.some((list) => list.id === listId);
  return (
    <div className={classes['list']}>
      <label htmlFor={id} className={classes['label']}>
        {t('tasks.edit.list')}
      </label>
      <select
        id={id}
        className={classes['select']}
        disabled={isSubtask}
        aria-invalid={error !== undefined}
        aria-describedby={`${id}-help`}
        value={listId ?? ''}
        onChange={({ currentTarget: { value } }) => onChange(value === '' ? null : value)}
      >
        <option value="">{t('lists.none')}</option>
        {isUnknown && <option value={listId}>{t('lists.unknown')}</option>}
        {choices.map((list) => (
          <option key={list.id} value={list.id}>
            {list.name}
          </option>
        ))}
      </select>
      <span id={`${id}-help`} className={error === undefined ? classes['hint'] : classes['error']}>
        {error ?? (isSubtask ? t('tasks.rules.listId.not_of_parent') : undefined)}
      </span>
    </div>
  );
}
