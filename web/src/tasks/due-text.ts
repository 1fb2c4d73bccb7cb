import { localeOf } from '../i18n/locale';
import type { Today } from './filter';
import { dayOf } from './zone';

const DAY_MS = 24 * 60 * 60 * 1000;
const DAYS_OF_WEEKDAYS = 7;

const cached = <T>(make: (key: string) => T) => {
  const values = new Map<string, T>();
  return (key: string): T => {
    const value = values.get(key) ?? make(key);
    values.set(key, value);
    return value;
  };
};

const relative = cached((locale) => new Intl.RelativeTimeFormat(locale, { numeric: 'auto' }));
const weekday = cached(
  (locale) => new Intl.DateTimeFormat(locale, { weekday: 'long', timeZone: 'UTC' }),
);
const dayAndMonth = cached(
  (locale) => new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'short', timeZone: 'UTC' }),
);
const wholeDate = cached(
  (locale) => new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeZone: 'UTC' }),
);
const time = cached((key) => {
  const [locale, timeZone] = key.split('|');
  return new Intl.DateTimeFormat(locale, { timeStyle: 'short', timeZone: timeZone ?? 'UTC' });
});
const moment = cached((key) => {
  const [locale, timeZone] = key.split('|');
  return new Intl.DateTimeFormat(locale, {
    dateStyle: 'medium',
    timeStyle: 'short',
    timeZone: timeZone ?? 'UTC',
  });
});

const capitalized = (text: string, locale: string) =>
  text.charAt(0).toLocaleUpperCase(locale) + text.slice(1);

function dayText(day: string, today: string, locale: string): string {
  const date = new Date(`${day}T00:00:00Z`);
  const days = Math.round((Number(date) - Date.parse(`${today}T00:00:00Z`)) / DAY_MS);
  if (Math.abs(days) <= 1) return capitalized(relative(locale).format(days, 'day'), locale);
  if (days > 1 && days < DAYS_OF_WEEKDAYS) return weekday(locale).format(date);
  return (day.startsWith(today.slice(0, 4)) ? dayAndMonth : wholeDate)(locale).format(date);
}

/** A due as a person says it. */
export interface DueText {
  readonly text: string;
  readonly isOverdue: boolean;
  readonly isToday: boolean;
}

/** Returns a due in the person's language and zone: `Tomorrow, 09:00`. */
export function dueText(due: string, { day: today, timeZone }: Today, language: string): DueText {
  const locale = localeOf(language);
  const isInstant = due.length > 10;
  const instant = new Date(due);
  const day = isInstant ? dayOf(instant, timeZone) : due;
  const text = dayText(day, today, locale);
  const isOverdue = isInstant ? instant < new Date() : day < today;
  return {
    text: isInstant ? `${text}, ${time(`${locale}|${timeZone}`).format(instant)}` : text,
    isOverdue,
    isToday: day === today,
  };
}

/** Returns an instant in the person's language and zone. */
export const instantText = (instant: string, timeZone: string, language: string) =>
  moment(`${localeOf(language)}|${timeZone}`).format(new Date(instant));
