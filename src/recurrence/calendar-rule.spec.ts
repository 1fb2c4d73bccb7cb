import { expect, it } from '@jest/globals';
import { calendarRuleOf } from './calendar-rule.js';

const TIMED = 9 * 3_600_000;

it.each([
  { name: 'FREQ in front, in capitals', rule: 'byday=mo;freq=weekly', is: 'FREQ=WEEKLY;BYDAY=MO' },
  {
    name: 'what is left of COUNT',
    rule: 'FREQ=DAILY;COUNT=9',
    remaining: 3,
    is: 'FREQ=DAILY;COUNT=4',
  },
  { name: 'the last date', rule: 'FREQ=DAILY;COUNT=9', remaining: 0, is: 'FREQ=DAILY;COUNT=1' },
  {
    name: 'a day for all-day tasks',
    rule: 'FREQ=DAILY;UNTIL=20370131',
    time: null,
    is: 'FREQ=DAILY;UNTIL=20370131',
  },
  // Half past midnight in Berlin.
  {
    name: 'the local day of an instant',
    rule: 'FREQ=DAILY;UNTIL=20370130T233000Z',
    time: null,
    is: 'FREQ=DAILY;UNTIL=20370131',
  },
  {
    name: 'the day of a local time',
    rule: 'FREQ=DAILY;UNTIL=20370131T233000',
    time: null,
    is: 'FREQ=DAILY;UNTIL=20370131',
  },
  {
    name: 'the end of a day',
    rule: 'FREQ=DAILY;UNTIL=20370131',
    is: 'FREQ=DAILY;UNTIL=20370131T225959Z',
  },
  {
    name: 'an instant',
    rule: 'FREQ=DAILY;UNTIL=20370131T080000Z',
    is: 'FREQ=DAILY;UNTIL=20370131T080000Z',
  },
  {
    name: 'a local time in UTC',
    rule: 'FREQ=DAILY;UNTIL=20370731T080000',
    is: 'FREQ=DAILY;UNTIL=20370731T060000Z',
  },
  { name: 'no end after the last day', rule: 'FREQ=DAILY;UNTIL=99991231', is: 'FREQ=DAILY' },
])('has $name', ({ rule, is, time = TIMED, remaining = null }) => {
  const state = { start: '2036-12-24', date: '2036-12-24', time, remaining };
  const series = { rule, timeZone: 'Europe/Berlin', basis: 'due', ...state } as const;
  expect(calendarRuleOf(series)).toBe(is);
});
