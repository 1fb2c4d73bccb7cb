import { useId } from 'react';
import { useTranslation } from 'react-i18next';
import { PRIORITIES, type Priority } from './task';
import classes from './task-editor.module.css';

interface PriorityFieldProps {
  readonly priority: Priority;
  readonly onChange: (priority: Priority) => void;
}

export function PriorityField({ priority, onChange }: PriorityFieldProps) {
  const { t } = useTranslation();
  const name = useId();
  return (
    <fieldset className={classes['priorities']}>
      <legend className={classes['label']}>{t('tasks.edit.priority')}</legend>
      {PRIORITIES.map((choice) => (
        <label key={choice} className={classes['choice']} data-checked={choice === priority}>
          <input
            type="radio"
            className="visually-hidden"
            name={name}
            checked={choice === priority}
            onChange={() => onChange(choice)}
          />
          {t(`tasks.priorities.${choice}`)}
        </label>
      ))}
    </fieldset>
  );
}
