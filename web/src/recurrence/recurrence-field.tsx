import type { Task } from '@taskward/client';
import { useId } from 'react';
import { useTranslation } from 'react-i18next';
import classes from '../tasks/task-editor.module.css';
import { EndField, MonthDayField, WeekdaysField } from './day-fields';
import { NextDates } from './next-dates';
import {
  formatRule,
  MAX_INTERVAL,
  parseRule,
  type SimpleRule,
  simpleRule,
  type Unit,
  UNITS,
} from './rule';
import { useRuleWords } from './use-rule-words';

type Recurrence = NonNullable<Task['recurrence']>;

interface RecurrenceFieldProps {
  readonly recurrence: Recurrence | null;
  /** Local day of the due; undefined without one. */
  readonly day: string | undefined;
  readonly timeZone: string;
  /** The task as it is stored, if it is: its dates are read. */
  readonly task: Task | undefined;
  readonly error: string | undefined;
  readonly onChange: (recurrence: Recurrence | null) => void;
}

const NEVER = '';
const OWN = 'own';

/** Chooses how a task repeats, writes the rule, and says it in words. */
export function RecurrenceField(props: RecurrenceFieldProps) {
  const { recurrence, day, timeZone, task, error, onChange } = props;
  const { t } = useTranslation();
  const { say } = useRuleWords();
  const id = useId();
  const rule = recurrence ? parseRule(recurrence.rule) : undefined;
  const change = (changed: SimpleRule) => {
    const basis = recurrence?.basis ?? 'due';
    const zone = recurrence?.timeZone ?? timeZone;
    onChange({ rule: formatRule(changed), timeZone: zone, basis });
  };
  const choose = (unit: string) => {
    if (unit === NEVER) onChange(null);
    else if (unit !== OWN) change({ ...simpleRule(unit as Unit), end: rule?.end ?? null });
  };
  return (
    <div className={classes['due']} role="group" aria-label={t('recurrence.label')}>
      <label className={classes['label']} htmlFor={id}>
        {t('recurrence.label')}
      </label>
      <select
        id={id}
        className={classes['select']}
        aria-invalid={error !== undefined}
        value={recurrence === null ? NEVER : (rule?.unit ?? OWN)}
        onChange={(event) => choose(event.currentTarget.value)}
      >
        <option value={NEVER}>{t('recurrence.never')}</option>
        {UNITS.map((unit) => (
          <option key={unit} value={unit}>
            {t(`recurrence.words.${unit}`, { count: 1 })}
          </option>
        ))}
        {recurrence && !rule && <option value={OWN}>{t('recurrence.own')}</option>}
      </select>
      {rule && <RuleFields rule={rule} day={day} onChange={change} />}
      {recurrence && (
        <>
          <label className={classes['choice']}>
            <input
              type="checkbox"
              checked={recurrence.basis === 'completion'}
              onChange={({ currentTarget: { checked } }) =>
                onChange({ ...recurrence, basis: checked ? 'completion' : 'due' })
              }
            />{' '}
            {t('recurrence.fromCompletion')}
          </label>
          <p className={classes['hint']}>{say(recurrence.rule)}</p>
          {task && <NextDates task={task} />}
        </>
      )}
      {error !== undefined && <p className={classes['error']}>{error}</p>}
    </div>
  );
}

interface RuleFieldsProps {
  readonly rule: SimpleRule;
  readonly day: string | undefined;
  readonly onChange: (rule: SimpleRule) => void;
}

function RuleFields({ rule, day, onChange }: RuleFieldsProps) {
  const { t } = useTranslation();
  const { unit, interval, weekdays, monthDay, end } = rule;
  return (
    <>
      <input
        type="number"
        className={classes['date']}
        aria-label={`${t('recurrence.interval')} (${t(`recurrence.units.${unit}`)})`}
        min={1}
        max={MAX_INTERVAL}
        value={interval}
        onChange={({ currentTarget: { valueAsNumber } }) => {
          const isValid = valueAsNumber >= 1 && valueAsNumber <= MAX_INTERVAL;
          if (isValid) onChange({ ...rule, interval: Math.floor(valueAsNumber) });
        }}
      />
      {unit === 'WEEKLY' && (
        <WeekdaysField
          weekdays={weekdays}
          onChange={(chosen) => onChange({ ...rule, weekdays: chosen })}
        />
      )}
      {unit === 'MONTHLY' && (
        <MonthDayField
          monthDay={monthDay}
          day={day}
          onChange={(chosen) => onChange({ ...rule, monthDay: chosen })}
        />
      )}
      <EndField end={end} day={day} onChange={(chosen) => onChange({ ...rule, end: chosen })} />
    </>
  );
}
