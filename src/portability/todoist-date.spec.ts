import { describe, expect, it } from '@jest/globals';
import { parseTodoistDate } from './todoist-date.js';

/** A Saturday. */
const NOW = new Date('2026-11-28T23:30:00Z');
const parse = (text: string, zone = 'Europe/Berlin') => parseTodoistDate(text, zone, NOW);

describe('a date', () => {
  it.each([
    ['2026-12-01', '2026-12-01'],
    ['1 Dec 2026', '2026-12-01'],
    ['24 December, 2026', '2026-12-24'],
    ['Dec 1 2026', '2026-12-01'],
    ['september 30, 2027', '2027-09-30'],
    ['2026-12-01 18:30', '2026-12-01T17:30:00.000Z'],
    ['2026-12-01T18:30:00', '2026-12-01T17:30:00.000Z'],
    ['2026-12-01T18:30:00.000000Z', '2026-12-01T18:30:00.000Z'],
    ['1 Jul 2026 at 6pm', '2026-07-01T16:00:00.000Z'],
    ['Jul 1 2026 12:05am', '2026-06-30T22:05:00.000Z'],
    ['Jul 1 2026, 12pm', '2026-07-01T10:00:00.000Z'],
  ])('%j is %s', (text, due) => {
    expect(parse(text)).toEqual({ due, recurrence: null, isFloating: false });
  });

  it.each([
    ...['tomorrow', 'Dec 1', '30 Feb 2026', '2026-02-30', '1 Foo 2026', 'Dec 1 2026 25:00'],
    ...[
      'Dec 1 2026 13pm',
      'every',
      'every full moon',
      'every monster',
      'every sunrise',
      '1 Marble 2026',
      'jeden Tag',
      '0',
      '',
    ],
  ])('%j is none', (text) => {
    expect(parse(text)).toBeUndefined();
  });
});

describe('a recurrence', () => {
  it.each([
    // It is Sunday in Berlin already.
    ['every day', 'FREQ=DAILY', '2026-11-29'],
    ['daily', 'FREQ=DAILY', '2026-11-29'],
    ['every other week', 'FREQ=WEEKLY;INTERVAL=2', '2026-11-29'],
    ['every 3 months', 'FREQ=MONTHLY;INTERVAL=3', '2026-11-29'],
    ['ev year', 'FREQ=YEARLY', '2026-11-29'],
    ['every weekday', 'FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR', '2026-11-30'],
    ['every Monday, wed and friday', 'FREQ=WEEKLY;BYDAY=MO,WE,FR', '2026-11-30'],
    ['every sun', 'FREQ=WEEKLY;BYDAY=SU', '2026-11-29'],
    ['every tues and thursdays', 'FREQ=WEEKLY;BYDAY=TU,TH', '2026-12-01'],
    ['every 15th', 'FREQ=MONTHLY;BYMONTHDAY=15', '2026-12-15'],
    ['every last day', 'FREQ=MONTHLY;BYMONTHDAY=-1', '2026-11-30'],
    ['every day starting 1 Dec 2026', 'FREQ=DAILY', '2026-12-01'],
    ['every mon at 9am', 'FREQ=WEEKLY;BYDAY=MO', '2026-11-30T08:00:00.000Z'],
  ])('%j is %s from %s', (text, rule, due) => {
    const recurrence = { rule, timeZone: 'Europe/Berlin', basis: 'due' };
    expect(parse(text)).toEqual({ due, recurrence, isFloating: false });
  });

  it('counts from the completion with an exclamation mark', () => {
    expect(parse('every! 3 days')?.recurrence).toMatchObject({
      rule: 'FREQ=DAILY;INTERVAL=3',
      basis: 'completion',
    });
  });
});

it.each([
  { text: '2026-12-01 9:00', zone: '', isFloating: true },
  { text: '2026-12-01 9:00', zone: 'Nowhere/City', isFloating: true },
  { text: '2026-12-01 9:00Z', zone: '', isFloating: false },
  { text: '2026-12-01', zone: '', isFloating: false },
])('$text in "$zone" has a time without a zone: $isFloating', ({ text, zone, isFloating }) => {
  expect(parse(text, zone)?.isFloating).toBe(isFloating);
});
