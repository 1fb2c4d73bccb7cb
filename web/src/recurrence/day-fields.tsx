import { useTranslation } from 'react-i18next';
import classes from '../tasks/task-editor.module.css';
import {
  type End,
  MAX_COUNT,
  type MonthDay,
  type OrdinalWeekday,
  type Weekday,
  weekdayOf,
  WEEKDAYS,
} from './rule';
import { useRuleWords, weekdayName } from './use-rule-words';

interface WeekdaysFieldProps {
  readonly weekdays: readonly Weekday[];
  readonly onChange: (weekdays: Weekday[]) => void;
}

/** The weekdays of a weekly rule; none stands for that of the due. */
export function WeekdaysField({ weekdays, onChange }: WeekdaysFieldProps) {
  const { t, i18n } = useTranslation();
  const toggle = (weekday: Weekday) =>
    onChange(WEEKDAYS.filter((one) => weekdays.includes(one) !== (one === weekday)));
  return (
    <span role="group" aria-label={t('recurrence.weekdays')}>
      {WEEKDAYS.map((weekday) => (
        <button
          key={weekday}
          type="button"
          className={classes['choice']}
          aria-label={weekdayName(weekday, i18n.language)}
          aria-pressed={weekdays.includes(weekday)}
          onClick={() => toggle(weekday)}
        >
          {weekdayName(weekday, i18n.language, 'short')}
        </button>
      ))}
    </span>
  );
}

interface MonthDayFieldProps {
  readonly monthDay: MonthDay;
  readonly day: string | undefined;
  readonly onChange: (monthDay: MonthDay) => void;
}

const keyOf = (monthDay: MonthDay): string =>
  typeof monthDay === 'string' ? monthDay : `${String(monthDay.ordinal)}${monthDay.weekday}`;

/** The day of a monthly rule: that of the due, the last one, or the weekday of the due. */
export function MonthDayField({ monthDay, day, onChange }: MonthDayFieldProps) {
  const { t } = useTranslation();
  const { ordinalText } = useRuleWords();
  const ofDue = day === undefined ? [] : [weekdayOf(day)];
  const chosen = typeof monthDay === 'string' ? [] : [monthDay];
  const weekdays = [...ofDue, ...chosen].filter(
    (one, index, all) => all.findIndex((other) => keyOf(other) === keyOf(one)) === index,
  );
  const textOf = ({ ordinal, weekday }: OrdinalWeekday) =>
    t('recurrence.monthDays.weekday', { weekday: ordinalText(ordinal, weekday) });
  const choices: { value: MonthDay; text: string }[] = [
    { value: 'due', text: t('recurrence.monthDays.due') },
    { value: 'last', text: t('recurrence.monthDays.last') },
    ...weekdays.map((value) => ({ value, text: textOf(value) })),
  ];
  return (
    <select
      className={classes['select']}
      aria-label={t('recurrence.monthDay')}
      value={keyOf(monthDay)}
      onChange={({ currentTarget: { value } }) => {
        const found = choices.find((choice) => keyOf(choice.value) === value);
        if (found) onChange(found.value);
      }}
    >
      {choices.map(({ value, text }) => (
        <option key={keyOf(value)} value={keyOf(value)}>
          {text}
        </option>
      ))}
    </select>
  );
}

interface EndFieldProps {
  readonly end: End;
  readonly day: string | undefined;
  readonly onChange: (end: End) => void;
}

const DEFAULT_COUNT = 10;

/** The end of a series: never, after a number of dates, or on a day. */
export function EndField({ end, day = '', onChange }: EndFieldProps) {
  const { t } = useTranslation();
  const kind = end === null ? 'never' : 'count' in end ? 'count' : 'until';
  const ends = { never: null, count: { count: DEFAULT_COUNT }, until: { until: day } };
  return (
    <>
      <select
        className={classes['select']}
        aria-label={t('recurrence.end')}
        value={kind}
        onChange={({ currentTarget: { value } }) => onChange(ends[value as keyof typeof ends])}
      >
        {(['never', 'count', 'until'] as const).map((one) => (
          <option key={one} value={one} disabled={one === 'until' && day === ''}>
            {t(`recurrence.ends.${one}`)}
          </option>
        ))}
      </select>
      {end && 'count' in end && (
        <input
          type="number"
          className={classes['date']}
          aria-label={t('recurrence.count')}
          min={1}
          max={MAX_COUNT}
          value={end.count}
          onChange={({ currentTarget: { valueAsNumber: count } }) => {
            if (count >= 1 && count <= MAX_COUNT) onChange({ count: Math.floor(count) });
          }}
        />
      )}
      {end && 'until' in end && (
        <input
          type="date"
          className={classes['date']}
          aria-label={t('recurrence.until')}
          min={day}
          max="9999-12-31"
          value={end.until}
          onChange={({ currentTarget: { value } }) => {
            if (value !== '') onChange({ until: value });
          }}
        />
      )}
    </>
  );
}
