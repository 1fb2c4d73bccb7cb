import type { TFunction } from 'i18next';
import { useTranslation } from 'react-i18next';
import { localeOf } from '../i18n/locale';
import { parseRule, type SimpleRule, type Weekday, WEEKDAYS } from './rule';

/** Returns the name of a weekday in the person's language. */
export function weekdayName(
  weekday: Weekday,
  language: string,
  style: 'long' | 'short' = 'long',
): string {
  const format = new Intl.DateTimeFormat(localeOf(language), { weekday: style, timeZone: 'UTC' });
  // January 1, 2024, was a Monday.
  return format.format(Date.UTC(2024, 0, 1 + WEEKDAYS.indexOf(weekday)));
}

/** Returns functions that say a rule, and a weekday of a month, in the words of a language. */
export function ruleWords(t: TFunction, language: string) {
  const ordinalText = (ordinal: number, weekday: Weekday) =>
    t(`recurrence.words.ordinals.${ordinal as 1}`, { weekday: weekdayName(weekday, language) });
  const every = ({ unit, interval, weekdays, monthDay }: SimpleRule): string => {
    const text = t(`recurrence.words.${unit}`, { count: interval });
    if (monthDay === 'last') return t('recurrence.words.lastDay', { every: text });
    if (monthDay !== 'due') {
      const weekday = ordinalText(monthDay.ordinal, monthDay.weekday);
      return t('recurrence.words.weekday', { every: text, weekday });
    }
    if (weekdays.length === 0) return text;
    const names = weekdays.map((weekday) => weekdayName(weekday, language));
    const days = new Intl.ListFormat(localeOf(language)).format(names);
    return t('recurrence.words.onDays', { every: text, days });
  };
  const say = (rule: string): string => {
    const simple = parseRule(rule);
    if (simple === undefined) return rule;
    const { end } = simple;
    const words = every(simple);
    if (end === null) return words;
    if ('count' in end) return t('recurrence.words.times', { words, count: end.count });
    const format = new Intl.DateTimeFormat(localeOf(language), {
      dateStyle: 'medium',
      timeZone: 'UTC',
    });
    return t('recurrence.words.until', { words, date: format.format(new Date(end.until)) });
  };
  return { say, ordinalText };
}

/** Returns functions that say a rule, and a weekday of a month, in words. */
export function useRuleWords() {
  const { t, i18n } = useTranslation();
  return ruleWords(t, i18n.language);
}
