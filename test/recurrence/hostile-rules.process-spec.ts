import { describe, expect, it } from '@jest/globals';
import { nextOccurrence, occurrencesOf, resolveRecurrence } from '../../src/recurrence/index.js';
import { ruleFault } from '../../src/recurrence/parse-rule.js';

/**
 * Limit of the processor time of a call, by that of a thousand dates of a plain rule, which take 7 to 9 ms
 * where nothing else runs: together at most 50 ms. Other programs slow both down.
 */
const MAX_RATIO = 5;

const numbers = (count: number) => Array.from({ length: count }, (_, i) => i + 1).join(',');

const NEVER = [
  'FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30',
  'FREQ=DAILY;BYMONTHDAY=31;BYMONTH=2,4,6,9,11;INTERVAL=7',
  'FREQ=DAILY;BYDAY=MO;BYSETPOS=2',
  'FREQ=DAILY;BYDAY=TU;INTERVAL=7',
  'FREQ=WEEKLY;BYDAY=MO,TU;BYSETPOS=3',
  'FREQ=WEEKLY;BYMONTH=1;BYSETPOS=8;BYDAY=MO,TU,WE,TH,FR,SA,SU',
  'FREQ=MONTHLY;BYDAY=5MO;BYMONTHDAY=1',
  'FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR,SA,SU;BYSETPOS=32',
  'FREQ=MONTHLY;BYMONTHDAY=31;BYMONTH=4',
  'FREQ=MONTHLY;INTERVAL=12;BYMONTH=3',
  'FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30',
  'FREQ=YEARLY;BYWEEKNO=53;BYMONTH=6',
  'FREQ=YEARLY;INTERVAL=4;BYMONTH=2;BYMONTHDAY=29',
  `FREQ=YEARLY;BYYEARDAY=${numbers(110)};BYMONTH=12`,
];

const SPARSE = [
  'FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29;BYDAY=MO;INTERVAL=7',
  'FREQ=DAILY;BYMONTH=2;BYMONTHDAY=29;BYDAY=MO;INTERVAL=97',
  'FREQ=DAILY;BYMONTHDAY=31;BYDAY=SU;INTERVAL=9973',
  'FREQ=DAILY;BYDAY=MO;BYMONTHDAY=13;COUNT=10000',
  'FREQ=WEEKLY;BYMONTH=2;BYDAY=MO,TU,WE,TH,FR,SA,SU;BYSETPOS=7',
  'FREQ=WEEKLY;INTERVAL=9999;BYMONTH=1',
  'FREQ=MONTHLY;BYDAY=-5FR;BYMONTHDAY=1,2,3;BYSETPOS=-1;INTERVAL=11',
  'FREQ=YEARLY;BYWEEKNO=53;BYYEARDAY=1,2,3;BYDAY=SU',
  `FREQ=YEARLY;BYYEARDAY=${numbers(110)};BYSETPOS=-1`,
];

const DENSE = [
  'FREQ=DAILY',
  'FREQ=DAILY;COUNT=10000',
  'FREQ=DAILY;UNTIL=99991231T235959Z',
  'FREQ=YEARLY;BYMONTH=1,2,3,4,5,6,7,8,9,10,11,12;BYDAY=MO,TU,WE,TH,FR,SA,SU',
  `FREQ=MONTHLY;BYMONTHDAY=${numbers(31)}`,
];

const TIME_ZONE = 'Europe/Berlin';
const NOW = new Date('2027-02-03T10:00:00Z');
/** The first year: nothing can be overdue for longer. */
const DUES = ['2027-02-01T07:30:00Z', '0001-02-05T07:30:00Z'];

/** Resolves a rule, and lists and continues its series. */
function use(rule: string, due: string): boolean {
  const dueAt = { dueDate: null, dueAt: new Date(due) };
  const resolved = resolveRecurrence(null, { rule, timeZone: TIME_ZONE }, dueAt);
  if (resolved.faults) return false;
  const { recurrence, first } = resolved;
  const from = { dueDate: '2027-01-01', dueAt: null };
  const to = { dueDate: '9999-12-31', dueAt: null };
  const calls = [
    () => nextOccurrence(recurrence, first, NOW, 'complete'),
    () => occurrencesOf(recurrence, first, { from, to, limit: 1000 }),
    () => occurrencesOf(recurrence, first, { from: null, to: null, limit: 1000 }),
  ];
  for (const call of calls) expectBounded(call);
  return true;
}

/** Attempts to stay below the limit: the first compiles, and others may take cache and memory meanwhile. */
const ATTEMPTS = 20;

function cpuMsOf(call: () => unknown): number {
  const start = process.cpuUsage();
  call();
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1000;
}

/** Returns a call that lists a thousand dates of a plain rule, and is compiled. */
function plainCall(): () => unknown {
  const due = { dueDate: null, dueAt: NOW };
  const resolved = resolveRecurrence(null, { rule: 'FREQ=DAILY', timeZone: TIME_ZONE }, due);
  if (resolved.faults) throw new Error('The plain rule is refused.');
  const { recurrence, first } = resolved;
  const call = () => occurrencesOf(recurrence, first, { from: null, to: null, limit: 1000 });
  for (let i = 0; i < ATTEMPTS; i += 1) call();
  return call;
}

const plain = plainCall();

/** Expects that a call can be made within the limit. */
function expectBounded(call: () => unknown): void {
  let [best, bestPlain] = [Infinity, Infinity];
  for (let i = 0; i < ATTEMPTS && !(best < MAX_RATIO * bestPlain); i += 1) {
    bestPlain = Math.min(bestPlain, cpuMsOf(plain));
    best = Math.min(best, cpuMsOf(call));
  }
  expect(best / bestPlain).toBeLessThan(MAX_RATIO);
}

describe('a hostile rule', () => {
  it.each(NEVER.map((rule) => ({ rule })))(
    'that never matches is refused in time: $rule',
    (row) => {
      const due = { dueDate: null, dueAt: new Date('2027-02-01T07:30:00Z') };
      const resolve = () => resolveRecurrence(null, { ...row, timeZone: TIME_ZONE }, due).faults;
      expect(ruleFault(row.rule)).toBeUndefined();
      expect(resolve()).toMatchObject([{ path: ['recurrence', 'rule'], code: 'never' }]);
      expectBounded(resolve);
    },
  );

  it.each([...SPARSE, ...DENSE].flatMap((rule) => DUES.map((due) => ({ rule, due }))))(
    'is used in time: $rule from $due',
    ({ rule, due }) => {
      expect(use(rule, due)).toBe(true);
    },
  );
});
