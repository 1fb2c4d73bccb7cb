import { describe, expect, it } from '@jest/globals';
import { formatRule, parseRule, weekdayOf } from './rule';

describe('a rule', () => {
  it.each([
    'FREQ=DAILY',
    'FREQ=DAILY;INTERVAL=3',
    'FREQ=WEEKLY',
    'FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,TH',
    'FREQ=MONTHLY;BYMONTHDAY=-1',
    'FREQ=MONTHLY;BYDAY=2TU;COUNT=10',
    'FREQ=MONTHLY;BYDAY=-1FR',
    'FREQ=YEARLY;UNTIL=20301231',
  ])('is the same after it was shown: %s', (text) => {
    const rule = parseRule(text);
    expect(rule && formatRule(rule)).toBe(text);
  });

  it('is read in any case and order', () => {
    expect(parseRule('byday=th,mo;freq=weekly')).toMatchObject({ weekdays: ['MO', 'TH'] });
  });

  it.each([
    'FREQ=DAILY;BYDAY=MO',
    'FREQ=WEEKLY;WKST=SU',
    'FREQ=MONTHLY;BYMONTHDAY=15',
    'FREQ=MONTHLY;BYDAY=MO,TU;BYSETPOS=1',
    'FREQ=MONTHLY;BYDAY=5MO',
    'FREQ=YEARLY;BYMONTH=2',
    'FREQ=DAILY;UNTIL=20301231T120000Z',
    'every day',
  ])('that has more than the picker is not read: %s', (text) => {
    expect(parseRule(text)).toBeUndefined();
  });
});

describe('the weekday of a day', () => {
  it.each([
    ['2027-03-01', 'MO', 1],
    ['2027-03-10', 'WE', 2],
    ['2027-03-22', 'MO', 4],
    ['2027-03-29', 'MO', -1],
    ['2027-02-22', 'MO', -1],
  ])('%s is the one of its month', (day, weekday, ordinal) => {
    expect(weekdayOf(day)).toEqual({ weekday, ordinal });
  });
});
