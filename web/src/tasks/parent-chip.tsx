import { useTranslation } from 'react-i18next';
import type { ShownTask } from './overlay';
import classes from './quick-add-line.module.css';

interface ParentChipProps {
  readonly parent: ShownTask;
  readonly onLeave: () => void;
}

/** Names the task that new ones are subtasks of; pressing it adds them without a parent. */
export function ParentChip({ parent: { title }, onLeave }: ParentChipProps) {
  const { t } = useTranslation();
  const label = t('tasks.add.subtaskOf', { title });
  return (
    <button
      type="button"
      className={classes['chip']}
      data-kind="parent"
      aria-label={`${label}. ${t('tasks.add.noParent')}`}
      title={t('tasks.add.noParent')}
      onClick={onLeave}
    >
      {label}
      <span aria-hidden="true">×</span>
    </button>
  );
}
