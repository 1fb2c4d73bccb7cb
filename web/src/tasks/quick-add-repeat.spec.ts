import { describe, expect, it } from '@jest/globals';
import { createInstance } from 'i18next';
import { de } from '../i18n/de';
import { en } from '../i18n/en';
import { ruleWords } from '../recurrence/use-rule-words';
import { lineWords } from './line-words';
import { parseQuickAdd } from './quick-add';

/** A Friday, one in the afternoon in Berlin. */
const NOW = new Date('2026-11-27T12:00:00Z');
const english = { language: 'en-GB', timeZone: 'Europe/Berlin', now: NOW };
const german = { ...english, language: 'de-DE' };

const read = (line: string, writer = english, ignored: string[] = []) => {
  const { fields } = parseQuickAdd(line, writer, lineWords, new Set(ignored));
  const { title, due, recurrence } = fields;
  return { title, due, rule: recurrence?.rule ?? null };
};

const WORKDAYS = 'FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR';

describe('a line that says how a task repeats', () => {
  it.each([
    { line: 'plants every day', title: 'plants', rule: 'FREQ=DAILY', due: '2026-11-27' },
    { line: 'bins every Monday', title: 'bins', rule: 'FREQ=WEEKLY;BYDAY=MO', due: '2026-11-30' },
    { line: 'rent every month', title: 'rent', rule: 'FREQ=MONTHLY', due: '2026-11-27' },
    { line: 'tax every year', title: 'tax', rule: 'FREQ=YEARLY', due: '2026-11-27' },
    { line: 'call every 2 weeks', rule: 'FREQ=WEEKLY;INTERVAL=2', due: '2026-11-27' },
    { line: 'call every other day', rule: 'FREQ=DAILY;INTERVAL=2', due: '2026-11-27' },
    { line: 'call every three months', rule: 'FREQ=MONTHLY;INTERVAL=3', due: '2026-11-27' },
    { line: 'call weekdays', rule: WORKDAYS, due: '2026-11-27' },
    { line: 'call every weekday', rule: WORKDAYS, due: '2026-11-27' },
    { line: 'call every weekend', rule: 'FREQ=WEEKLY;BYDAY=SA,SU', due: '2026-11-28' },
    { line: 'call every Friday', rule: 'FREQ=WEEKLY;BYDAY=FR', due: '2026-11-27' },
    { line: 'call on Mondays', rule: 'FREQ=WEEKLY;BYDAY=MO', due: '2026-11-30' },
    {
      line: 'call every tue, thu and sat',
      rule: 'FREQ=WEEKLY;BYDAY=TU,TH,SA',
      due: '2026-11-28',
    },
    {
      line: 'call every other Tuesday',
      rule: 'FREQ=WEEKLY;INTERVAL=2;BYDAY=TU',
      due: '2026-12-01',
    },
    { line: 'call every month on the 15th', rule: 'FREQ=MONTHLY', due: '2026-12-15' },
    { line: 'call every last Friday', rule: 'FREQ=MONTHLY;BYDAY=-1FR', due: '2026-11-27' },
    {
      line: 'call every second Tuesday of the month',
      rule: 'FREQ=MONTHLY;BYDAY=2TU',
      due: '2026-12-08',
    },
    { line: 'call daily', rule: 'FREQ=DAILY', due: '2026-11-27' },
    { line: 'every day call', rule: 'FREQ=DAILY', due: '2026-11-27' },
    { line: 'call EVERY DAY, 10 times', rule: 'FREQ=DAILY;COUNT=10', due: '2026-11-27' },
    {
      line: 'call every day until 24 December',
      rule: 'FREQ=DAILY;UNTIL=20261224',
      due: '2026-11-27',
    },
    { line: 'call every day from tomorrow', rule: 'FREQ=DAILY', due: '2026-11-28' },
    {
      line: 'call every Monday starting 8 December',
      rule: 'FREQ=WEEKLY;BYDAY=MO',
      due: '2026-12-14',
    },
    { line: 'call every day at 6pm', rule: 'FREQ=DAILY', due: '2026-11-27T17:00:00.000Z' },
    {
      line: 'call every Monday 9am',
      rule: 'FREQ=WEEKLY;BYDAY=MO',
      due: '2026-11-30T08:00:00.000Z',
    },
  ])('reads "$line"', ({ line, title = 'call', ...expected }) => {
    expect(read(line)).toEqual({ title, ...expected });
  });

  it.each([
    { line: 'Anruf jeden Tag', rule: 'FREQ=DAILY', due: '2026-11-27' },
    { line: 'Anruf jeden Montag', rule: 'FREQ=WEEKLY;BYDAY=MO', due: '2026-11-30' },
    { line: 'Anruf alle 2 Wochen', rule: 'FREQ=WEEKLY;INTERVAL=2', due: '2026-11-27' },
    { line: 'Anruf alle zwei Wochen', rule: 'FREQ=WEEKLY;INTERVAL=2', due: '2026-11-27' },
    { line: 'Anruf jede zweite Woche', rule: 'FREQ=WEEKLY;INTERVAL=2', due: '2026-11-27' },
    { line: 'Anruf jeden Monat', rule: 'FREQ=MONTHLY', due: '2026-11-27' },
    { line: 'Anruf jedes Jahr', rule: 'FREQ=YEARLY', due: '2026-11-27' },
    { line: 'Anruf werktags', rule: WORKDAYS, due: '2026-11-27' },
    { line: 'Anruf an Werktagen', rule: WORKDAYS, due: '2026-11-27' },
    { line: 'Anruf jeden Werktag', rule: WORKDAYS, due: '2026-11-27' },
    { line: 'Anruf jedes Wochenende', rule: 'FREQ=WEEKLY;BYDAY=SA,SU', due: '2026-11-28' },
    { line: 'Anruf montags', rule: 'FREQ=WEEKLY;BYDAY=MO', due: '2026-11-30' },
    { line: 'Anruf mittwochs und sonntags', rule: 'FREQ=WEEKLY;BYDAY=WE,SU', due: '2026-11-29' },
    { line: 'Anruf jeden Mo, Mi und Fr', rule: 'FREQ=WEEKLY;BYDAY=MO,WE,FR', due: '2026-11-27' },
    {
      line: 'Anruf jeden ersten Montag im Monat',
      rule: 'FREQ=MONTHLY;BYDAY=1MO',
      due: '2026-12-07',
    },
    { line: 'Anruf jeden Monat am 15.', rule: 'FREQ=MONTHLY', due: '2026-12-15' },
    { line: 'Anruf täglich', rule: 'FREQ=DAILY', due: '2026-11-27' },
    { line: 'Anruf jeden Tag um 18 Uhr', rule: 'FREQ=DAILY', due: '2026-11-27T17:00:00.000Z' },
    { line: 'Anruf jeden Tag bis 24.12.', rule: 'FREQ=DAILY;UNTIL=20261224', due: '2026-11-27' },
  ])('reads German: "$line"', ({ line, ...expected }) => {
    expect(read(line, german)).toEqual({ title: 'Anruf', ...expected });
    expect(read(line)).toMatchObject({ title: 'Anruf', rule: expected.rule });
  });

  it.each([
    'weekly report',
    'pills 3 times a day',
    'read everyday magic',
    'every day',
    'jeden Tag',
    'every 2 hours',
    'call every 10001 dragons',
    'Alle Jahre wieder singen',
    'so jede Art von Tee',
  ])('leaves "%s" as it is', (line) => {
    expect(read(line)).toEqual({ title: line, due: null, rule: null });
    expect(read(line, german)).toEqual({ title: line, due: null, rule: null });
  });

  it.each([
    { line: 'call every month on Monday', title: 'call', rule: 'FREQ=MONTHLY', due: '2026-11-30' },
    { line: 'call every 0 days', title: 'call every 0 days', rule: null, due: null },
    {
      line: 'pills every day 3 times a day',
      title: 'pills 3 times a day',
      rule: 'FREQ=DAILY',
      due: '2026-11-27',
    },
  ])('reads as much of "$line" as is a rule', ({ line, ...expected }) => {
    expect(read(line)).toEqual(expected);
  });

  it('says which words it took, and leaves those that the person took back', () => {
    const line = 'bins every Monday 9am #home';
    const { tokens, fields } = parseQuickAdd(line, english, lineWords);
    expect(fields.recurrence).toEqual({
      rule: 'FREQ=WEEKLY;BYDAY=MO',
      timeZone: 'Europe/Berlin',
      basis: 'due',
    });
    expect(tokens.map(({ kind, text }) => `${kind}: ${text}`)).toEqual([
      'tag: #home',
      'due: 9am',
      'repeat: every Monday',
    ]);
    expect(read(line, english, ['every Monday'])).toEqual({
      title: 'bins every Monday',
      due: '2026-11-28T08:00:00.000Z',
      rule: null,
    });
  });

  it('reads a hostile line in linear time', () => {
    expect(read(`call every ${'mon, '.repeat(5_000)}`).rule).toBe('FREQ=WEEKLY;BYDAY=MO');
    expect(read(`call every ${'2 '.repeat(5_000)}`).rule).toBeNull();
    expect(read('every '.repeat(5_000)).rule).toBeNull();
  });
});

describe('the words of the picker', () => {
  it.each([
    { writer: english, texts: en },
    { writer: german, texts: de },
  ])('are read as the rule that they say: $writer.language', async ({ writer, texts }) => {
    const i18n = createInstance();
    const language = writer.language.slice(0, 2);
    await i18n.init({ lng: language, resources: { [language]: { translation: texts } } });
    const { say } = ruleWords(i18n.t, language);
    const rules = [
      'FREQ=DAILY',
      'FREQ=DAILY;INTERVAL=3',
      'FREQ=WEEKLY',
      'FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,TH,SU',
      'FREQ=MONTHLY;BYMONTHDAY=-1',
      'FREQ=MONTHLY;INTERVAL=6;BYDAY=2TU',
      'FREQ=MONTHLY;BYDAY=-1FR;COUNT=10',
      'FREQ=YEARLY;COUNT=1',
      'FREQ=YEARLY;UNTIL=20301231',
    ];
    const readBack = rules.map((rule) => read(`call ${say(rule)}`, writer));
    expect(readBack.map(({ title, rule }) => ({ title, rule }))).toEqual(
      rules.map((rule) => ({ title: 'call', rule })),
    );
  });
});
