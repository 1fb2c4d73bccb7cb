import { useTranslation } from 'react-i18next';
import { TextButton } from '../ui/text-button';
import classes from './selection-bar.module.css';

interface SelectionBarProps {
  readonly count: number;
  readonly isTrash: boolean;
  /** Whether all selected tasks are completed. */
  readonly isDone: boolean;
  readonly onComplete: () => void;
  readonly onTrash: () => void;
  readonly onMove: () => void;
  readonly onRestore: () => void;
  readonly onDeleteForGood: () => void;
  readonly onSelectAll: () => void;
  readonly onClear: () => void;
}

/** Actions for the selected tasks. */
export function SelectionBar(props: SelectionBarProps) {
  const { t } = useTranslation();
  const { count, isTrash, isDone } = props;
  const button = (text: string, onClick: () => void) => (
    <TextButton onClick={onClick}>{text}</TextButton>
  );
  return (
    <div
      className={classes['bar']}
      role="toolbar"
      aria-label={t('tasks.selection.selected', { count })}
    >
      <span className={classes['count']} role="status">
        {t('tasks.selection.selected', { count })}
      </span>
      {!isTrash &&
        button(t(isDone ? 'tasks.selection.reopen' : 'tasks.selection.complete'), props.onComplete)}
      {!isTrash && button(t('tasks.selection.list'), props.onMove)}
      {!isTrash && button(t('tasks.selection.trash'), props.onTrash)}
      {isTrash && button(t('tasks.selection.restore'), props.onRestore)}
      {isTrash && button(t('tasks.selection.deleteForGood'), props.onDeleteForGood)}
      {button(t('tasks.selection.all'), props.onSelectAll)}
      {button(t('tasks.edit.cancel'), props.onClear)}
    </div>
  );
}
