import { describe, expect, it } from '@jest/globals';
import { type Problem } from '../problems/index.js';
import { ProblemValidationPipe } from '../validation/index.js';
import { type Due, CreateRecurrenceDto, resolveRecurrence, UpdateRecurrenceDto } from './index.js';
import { MAX_COUNT, MAX_INTERVAL } from './rule-parts.js';

const pipe = new ProblemValidationPipe();

/** Returns the errors of a body as `pointer code`, or the body. */
function validate(
  body: unknown,
  metatype: typeof CreateRecurrenceDto | typeof UpdateRecurrenceDto,
) {
  try {
    return pipe.transform(body, { type: 'body', metatype });
  } catch (error) {
    return (error as Problem).errors.map(({ pointer, code }) => `${pointer ?? ''} ${code}`);
  }
}

const timeZone = 'Europe/Berlin';

/** Returns the detail of the error of a rule; undefined for a valid one. */
function detailOf(rule: string): string | undefined {
  try {
    pipe.transform({ rule, timeZone }, { type: 'body', metatype: CreateRecurrenceDto });
    return undefined;
  } catch (error) {
    return (error as Problem).errors.map(({ code, detail }) => `${code}: ${detail}`).join();
  }
}

describe('a recurrence in a body', () => {
  it('has a rule and a time zone, and may have a basis', () => {
    expect(validate({}, CreateRecurrenceDto)).toEqual(['/rule required', '/timeZone required']);
    const body = { rule: 'FREQ=DAILY', timeZone };
    expect(validate(body, CreateRecurrenceDto)).toEqual({ ...body, basis: 'due' });
    expect(validate({ ...body, basis: null }, CreateRecurrenceDto)).toEqual({
      ...body,
      basis: null,
    });
    expect(validate({}, UpdateRecurrenceDto)).toEqual({});
  });

  it.each([CreateRecurrenceDto, UpdateRecurrenceDto])(
    'has members that are valid each: %p',
    (type) => {
      const wrong = { rule: 'daily', timeZone: '+02:00', basis: 'now', exdate: '' };
      expect(validate(wrong, type)).toEqual([
        '/exdate unknown',
        '/rule recurrence_rule',
        '/timeZone time_zone',
        '/basis one_of',
      ]);
      expect(validate({ rule: 1, timeZone: null, basis: 1 }, type)).toEqual([
        '/rule type',
        '/timeZone type',
        '/basis one_of',
      ]);
    },
  );

  it.each([
    'FREQ=DAILY',
    'freq=weekly;byday=mo,we;wkst=su',
    'BYDAY=-1FR,+2MO;FREQ=MONTHLY',
    'FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1',
    'FREQ=YEARLY;BYWEEKNO=20,-1;BYDAY=MO',
    'FREQ=YEARLY;BYYEARDAY=1,-366;COUNT=3',
    'FREQ=YEARLY;BYDAY=53MO,-53TU',
    'FREQ=DAILY;UNTIL=20280229',
    'FREQ=DAILY;UNTIL=20280229T235959',
    'FREQ=DAILY;UNTIL=20280229T235959Z',
    `FREQ=DAILY;INTERVAL=${MAX_INTERVAL};COUNT=${MAX_COUNT}`,
  ])('takes %s', (rule) => {
    expect(detailOf(rule)).toBeUndefined();
  });

  it.each([
    { rule: '', reason: 'must be parts such as FREQ=WEEKLY' },
    { rule: 'FREQ=DAILY;', reason: 'must be parts such as FREQ=WEEKLY' },
    { rule: 'RRULE:FREQ=DAILY', reason: 'must be parts such as FREQ=WEEKLY' },
    { rule: 'FREQ=DAILY\nEXDATE=20270101', reason: 'must be parts such as FREQ=WEEKLY' },
    { rule: 'FREQ=DAILY; COUNT=2', reason: 'must be parts such as FREQ=WEEKLY' },
    { rule: 'FREQ=DA\u0131LY', reason: 'must be parts such as FREQ=WEEKLY' },
    { rule: 'INTERVAL=2', reason: 'must have the part FREQ' },
    { rule: 'FREQ=HOURLY', reason: 'must have a FREQ of DAILY' },
    { rule: 'FREQ=DAILY;DTSTART=20270101', reason: 'must not have the part DTSTART' },
    { rule: 'FREQ=DAILY;EXDATE=20270101', reason: 'must not have the part EXDATE' },
    { rule: 'FREQ=DAILY;CONSTRUCTOR=1', reason: 'must not have the part CONSTRUCTOR' },
    { rule: 'FREQ=DAILY;RSCALE=HEBREW', reason: 'must not have the part RSCALE' },
    { rule: 'FREQ=DAILY;BYHOUR=9', reason: 'must not have BYHOUR' },
    { rule: 'FREQ=DAILY;COUNT=2;count=3', reason: 'must not have COUNT twice' },
    { rule: 'FREQ=DAILY;COUNT=2;UNTIL=20270101', reason: 'must not have both COUNT and UNTIL' },
    { rule: 'FREQ=DAILY;COUNT=0', reason: 'must have a number from 1 to 10000 as COUNT' },
    { rule: 'FREQ=DAILY;COUNT=10001', reason: 'must have a number from 1 to 10000 as COUNT' },
    { rule: 'FREQ=DAILY;INTERVAL=-1', reason: 'must have a number from 1 to 10000 as INTERVAL' },
    { rule: 'FREQ=DAILY;INTERVAL=1e3', reason: 'must have a number from 1 to 10000 as INTERVAL' },
    { rule: 'FREQ=DAILY;UNTIL=20270229', reason: 'must have a date or a date-time' },
    { rule: 'FREQ=DAILY;UNTIL=2027-01-01', reason: 'must have a date or a date-time' },
    { rule: 'FREQ=DAILY;UNTIL=20270101T240000Z', reason: 'must have a date or a date-time' },
    { rule: 'FREQ=DAILY;WKST=1', reason: 'must have weekdays such as MO in WKST' },
    { rule: 'FREQ=YEARLY;BYMONTH=13', reason: 'must have a number from 1 to 12 as BYMONTH' },
    { rule: 'FREQ=YEARLY;BYMONTH=-1', reason: 'must have a number from 1 to 12 as BYMONTH' },
    { rule: 'FREQ=MONTHLY;BYMONTHDAY=0', reason: 'must have numbers from 1 to 31' },
    { rule: 'FREQ=MONTHLY;BYMONTHDAY=1,,2', reason: 'must have numbers from 1 to 31' },
    { rule: 'FREQ=MONTHLY;BYMONTHDAY=-32', reason: 'must have numbers from 1 to 31' },
    { rule: 'FREQ=MONTHLY;BYDAY=0MO', reason: 'must have numbers from 1 to 53' },
    { rule: 'FREQ=MONTHLY;BYDAY=XX', reason: 'must have weekdays such as MO in BYDAY' },
    { rule: 'FREQ=WEEKLY;BYMONTHDAY=1', reason: 'must not have BYMONTHDAY with FREQ=WEEKLY' },
    { rule: 'FREQ=MONTHLY;BYYEARDAY=1', reason: 'must have FREQ=YEARLY with BYYEARDAY' },
    { rule: 'FREQ=WEEKLY;BYWEEKNO=1', reason: 'must have FREQ=YEARLY with BYWEEKNO' },
    { rule: 'FREQ=WEEKLY;BYDAY=1MO', reason: 'must have FREQ=MONTHLY or FREQ=YEARLY' },
    { rule: 'FREQ=YEARLY;BYWEEKNO=1;BYDAY=1MO', reason: 'must not have a number in BYDAY' },
    { rule: 'FREQ=DAILY;BYSETPOS=1', reason: 'must have another part such as BYDAY' },
    { rule: `FREQ=DAILY;${'A'.repeat(490)}=1`, reason: 'must be at most 500 characters' },
  ])('rejects $rule: $reason', ({ rule, reason }) => {
    expect(detailOf(rule)).toContain(`recurrence_rule: rule ${reason}`);
  });
});

describe('the recurrence of a task', () => {
  const due: Due = { dueDate: '2027-03-01', dueAt: null };
  const nothing: Due = { dueDate: null, dueAt: null };
  const present = { rule: 'FREQ=DAILY', timeZone, basis: 'completion' } as const;

  it('has the basis due by default', () => {
    expect(resolveRecurrence(null, { rule: 'FREQ=DAILY', timeZone }, due)).toEqual({
      recurrence: { rule: 'FREQ=DAILY', timeZone, basis: 'due' },
      first: {
        due,
        state: { start: '2027-03-01', date: '2027-03-01', time: null, remaining: null },
      },
    });
  });

  it('keeps what a patch does not name, and resets a basis that is null', () => {
    expect(resolveRecurrence(present, { rule: 'FREQ=WEEKLY' }, due)).toMatchObject({
      recurrence: { ...present, rule: 'FREQ=WEEKLY' },
    });
    expect(resolveRecurrence(present, { basis: null }, due)).toMatchObject({
      recurrence: { ...present, basis: 'due' },
    });
  });

  it('requires a rule, a time zone and a due', () => {
    expect(resolveRecurrence(null, {}, nothing)).toEqual({
      faults: [
        { path: ['recurrence', 'rule'], code: 'required', rule: 'is required' },
        {
          path: ['recurrence', 'timeZone'],
          code: 'required',
          rule: 'is required',
        },
        { path: ['due'], code: 'required', rule: 'is required' },
      ],
    });
  });

  it.each([
    'FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30',
    'FREQ=DAILY;UNTIL=20270228',
    'FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29;UNTIL=20280228',
    'FREQ=YEARLY;INTERVAL=4;BYMONTH=2;BYMONTHDAY=29',
  ])('has a date on or after due, unlike %s', (rule) => {
    expect(resolveRecurrence(null, { rule, timeZone }, due).faults).toMatchObject([
      { path: ['recurrence', 'rule'], code: 'never' },
    ]);
  });

  it('may end on its due', () => {
    const rule = 'FREQ=DAILY;UNTIL=20270301';
    expect(resolveRecurrence(null, { rule, timeZone }, due).faults).toBeUndefined();
  });
});
