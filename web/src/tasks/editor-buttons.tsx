import { useTranslation } from 'react-i18next';
import { instantText } from './due-text';
import { isNew } from './task';
import type { TaskEditorProps } from './task-editor';
import classes from './task-editor.module.css';

interface EditorButtonsProps extends Pick<TaskEditorProps, 'task' | 'today' | 'commands'> {
  readonly isBroken: boolean;
  readonly onCancel: () => void;
}

/** The ends of an edit, and what else can be done with the task. */
export function EditorButtons(props: EditorButtonsProps) {
  const { task, today, isBroken, onCancel, commands } = props;
  const { t, i18n } = useTranslation();
  const at = instantText(task.createdAt, today.timeZone, i18n.language);
  return (
    <div className={classes['buttons']}>
      <button type="submit" className={classes['save']} disabled={isBroken}>
        {t('tasks.edit.save')}
      </button>
      <button type="button" className={classes['plain']} onClick={onCancel}>
        {t('tasks.edit.cancel')}
      </button>
      <span className={classes['created']}>{t('tasks.edit.created', { at })}</span>
      {!isNew(task) && (
        <button type="button" className={classes['plain']} onClick={() => commands.onHistory(task)}>
          {t('history.open')}
        </button>
      )}
      <button type="button" className={classes['plain']} onClick={() => commands.onTrash(task)}>
        {t('tasks.edit.trash')}
      </button>
    </div>
  );
}
