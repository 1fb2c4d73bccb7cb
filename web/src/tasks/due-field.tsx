import { useTranslation } from 'react-i18next';
import type { Today } from './filter';
import { addDays, dayOf, instantOf, timeOf } from './zone';
import classes from './task-editor.module.css';

interface DueFieldProps {
  readonly due: string | null;
  readonly today: Today;
  readonly error: string | undefined;
  readonly onChange: (due: string | null) => void;
}

const DAYS_TO_NEXT_WEEK = 7;

/** Returns the day and time of a due where the person is; no time if it lasts all day. */
function partsOfDue(due: string | null, timeZone: string): { day: string; time: string } {
  if (due === null) return { day: '', time: '' };
  if (due.length <= 10) return { day: due, time: '' };
  const instant = new Date(due);
  return { day: dayOf(instant, timeZone), time: timeOf(instant, timeZone) };
}

/** Returns the due at a day and time where the person is. */
function dueOfParts(day: string, time: string, timeZone: string): string | null {
  if (day === '') return null;
  return time === '' ? day : instantOf(day, time, timeZone).toISOString();
}

/** A day, and a time if the task has one. */
export function DueField({ due, today, error, onChange }: DueFieldProps) {
  const { t } = useTranslation();
  const { timeZone } = today;
  const { day, time } = partsOfDue(due, timeZone);
  const change = (newDay: string, newTime: string) =>
    onChange(dueOfParts(newDay, newTime, timeZone));
  const choices = [
    { text: t('tasks.edit.today'), choice: today.day },
    { text: t('tasks.edit.tomorrow'), choice: addDays(today.day, 1) },
    { text: t('tasks.edit.nextWeek'), choice: addDays(today.day, DAYS_TO_NEXT_WEEK) },
    { text: t('tasks.edit.noDue'), choice: '' },
  ];
  return (
    <div className={classes['due']} role="group" aria-label={t('tasks.filter.due')}>
      <input
        type="date"
        className={classes['date']}
        aria-label={t('tasks.edit.date')}
        aria-invalid={error !== undefined}
        min="0001-01-01"
        max="9999-12-31"
        value={day}
        onChange={(event) => change(event.currentTarget.value, time)}
      />
      <input
        type="time"
        className={classes['date']}
        aria-label={t('tasks.edit.time')}
        value={time}
        disabled={day === ''}
        onChange={(event) => change(day, event.currentTarget.value)}
      />
      {choices.map(({ text, choice }) => (
        <button
          key={choice}
          type="button"
          className={classes['choice']}
          aria-pressed={day === choice}
          onClick={() => change(choice, time)}
        >
          {text}
        </button>
      ))}
      {error !== undefined && <p className={classes['error']}>{error}</p>}
    </div>
  );
}
