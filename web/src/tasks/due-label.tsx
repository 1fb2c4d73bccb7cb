import { useTranslation } from 'react-i18next';
import { dueText } from './due-text';
import type { Today } from './filter';
import type { Task } from './task';
import classes from './task-row.module.css';

interface DueLabelProps {
  readonly task: Task;
  readonly today: Today;
}

/** A task's due, in the person's language and zone. */
export function DueLabel({ task, today }: DueLabelProps) {
  const { t, i18n } = useTranslation();
  if (task.due === null) return null;
  const { text, isOverdue, isToday } = dueText(task.due, today, i18n.language);
  const isLate = isOverdue && !task.completed;
  return (
    <time
      className={classes['due']}
      data-state={isLate ? 'overdue' : isToday ? 'today' : undefined}
      dateTime={task.due}
    >
      {isLate && <span className="visually-hidden">{t('tasks.list.overdue', { due: '' })}</span>}
      {text}
    </time>
  );
}
