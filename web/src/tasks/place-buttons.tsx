import { useTranslation } from 'react-i18next';
import type { Direction } from './moves';
import type { ShownTask } from './overlay';
import type { RowCommands } from './task-row';
import classes from './task-editor.module.css';

interface PlaceButtonsProps {
  readonly task: ShownTask;
  readonly commands: RowCommands;
}

const DIRECTIONS: readonly { direction: Direction; mark: string }[] = [
  { direction: 'up', mark: '↑' },
  { direction: 'down', mark: '↓' },
  { direction: 'indent', mark: '→' },
  { direction: 'outdent', mark: '←' },
];

/** Moves the task that is edited, and adds a subtask to it, without dragging and without keys. */
export function PlaceButtons({ task, commands }: PlaceButtonsProps) {
  const { t } = useTranslation();
  return (
    <div className={classes['buttons']} role="group" aria-label={t('tasks.edit.place')}>
      <button
        type="button"
        className={classes['plain']}
        onClick={() => commands.onAddSubtask(task)}
      >
        {t('tasks.edit.addSubtask')}
      </button>
      {task.nesting !== undefined &&
        DIRECTIONS.map(({ direction, mark }) => (
          <button
            key={direction}
            type="button"
            className={classes['plain']}
            aria-label={t(`tasks.edit.${direction}`)}
            title={t(`tasks.edit.${direction}`)}
            onClick={() => commands.onMove(task, direction)}
          >
            <span aria-hidden="true">{mark}</span>
          </button>
        ))}
    </div>
  );
}
