import { useId } from 'react';
import { useTranslation } from 'react-i18next';
import { COLOR_NAMES, COLORS } from './list';
import { ListDot } from './list-dot';
import classes from './lists.module.css';

interface ColorFieldProps {
  readonly color: string | null;
  /** The colour that the list has had so far. */
  readonly before: string | null;
  readonly onChange: (color: string | null) => void;
}

/** A choice of colours, among them the one that another client gave to the list. */
export function ColorField({ color, before, onChange }: ColorFieldProps) {
  const { t } = useTranslation();
  const name = useId();
  const choices: { value: string | null; text: string }[] = [
    { value: null, text: t('lists.edit.noColor') },
    ...COLOR_NAMES.map((key) => ({ value: COLORS[key], text: t(`lists.colors.${key}`) })),
  ];
  if (!choices.some(({ value }) => value === before)) {
    choices.push({ value: before, text: t('lists.edit.ownColor', { color: before ?? '' }) });
  }
  return (
    <fieldset className={classes['colors']}>
      <legend className={classes['legend']}>{t('lists.edit.color')}</legend>
      {choices.map(({ value, text }) => (
        <label key={text} className={classes['swatch']} title={text}>
          <input
            type="radio"
            className="visually-hidden"
            name={name}
            checked={value === color}
            onChange={() => onChange(value)}
          />
          <ListDot color={value} />
          <span className="visually-hidden">{text}</span>
        </label>
      ))}
    </fieldset>
  );
}
