import { describe, expect, it } from '@jest/globals';
import {
  type Due,
  nextOccurrence,
  type Occurrence,
  type Recurrence,
  resolveRecurrence,
} from './index.js';

const dueOf = (text: string): Due =>
  text.includes('T') ? { dueDate: null, dueAt: new Date(text) } : { dueDate: text, dueAt: null };
const textOf = ({ dueDate, dueAt }: Due) => dueDate ?? dueAt?.toISOString();

interface Setup {
  readonly rule: string;
  readonly due: string;
  readonly timeZone?: string;
  readonly basis?: Recurrence['basis'];
}

/** A series that is completed or skipped as a task is. */
class TestSeries {
  readonly #recurrence: Recurrence;
  #present: Occurrence | null;

  constructor({ rule, due, timeZone = 'UTC', basis = 'due' }: Setup) {
    const resolved = resolveRecurrence(null, { rule, timeZone, basis }, dueOf(due));
    if (resolved.faults) throw new Error(JSON.stringify(resolved.faults));
    this.#recurrence = resolved.recurrence;
    this.#present = resolved.first;
  }

  /** Completes or skips at an instant, by default the `due`; returns the next `due`, null at the end. */
  next(at?: string, action: 'complete' | 'skip' = 'complete') {
    if (this.#present === null) return null;
    const { dueDate, dueAt } = this.#present.due;
    const now = new Date(at ?? dueDate ?? dueAt ?? 0);
    this.#present = nextOccurrence(this.#recurrence, this.#present, now, action);
    return this.#present && textOf(this.#present.due);
  }

  take(count: number) {
    return Array.from({ length: count }, () => this.next());
  }
}

describe('a series with the basis due', () => {
  it.each([
    { at: '2027-03-01T10:00:00Z', next: '2027-03-08' },
    { at: '2027-02-20T10:00:00Z', next: '2027-03-08' },
    { at: '2027-03-20T10:00:00Z', next: '2027-03-22' },
    { at: '2027-03-22T23:00:00Z', next: '2027-03-22' },
    { at: '2030-01-01T00:00:00Z', next: '2030-01-07' },
  ])('continues with the first date after due that is today or later: $next at $at', (row) => {
    const series = new TestSeries({ rule: 'FREQ=WEEKLY;BYDAY=MO', due: '2027-03-01' });
    expect(series.next(row.at)).toBe(row.next);
  });

  it('takes today from the time zone of the recurrence', () => {
    const at = '2027-03-04T20:00:00Z';
    const next = (timeZone: string) =>
      new TestSeries({ rule: 'FREQ=DAILY', due: '2027-03-01', timeZone }).next(at);
    expect(next('Asia/Tokyo')).toBe('2027-03-05');
    expect(next('America/New_York')).toBe('2027-03-04');
  });

  it('counts INTERVAL from the first due, however late a task is completed', () => {
    const series = new TestSeries({ rule: 'FREQ=DAILY;INTERVAL=3', due: '2027-03-01' });
    expect(series.next('2027-03-02T00:00:00Z')).toBe('2027-03-04');
    expect(series.next('2027-03-11T00:00:00Z')).toBe('2027-03-13');
  });
});

describe('a series with the basis completion', () => {
  const basis = 'completion';

  it('counts from the local day of completing, at the time of day of due', () => {
    const rule = 'FREQ=DAILY;INTERVAL=3';
    const timeZone = 'Europe/Berlin';
    const series = new TestSeries({ rule, due: '2027-01-10T08:00:00Z', timeZone, basis });
    expect(series.next('2027-01-14T23:30:00Z')).toBe('2027-01-18T08:00:00.000Z');
    expect(series.next('2027-01-15T10:00:00Z')).toBe('2027-01-18T08:00:00.000Z');
  });

  it('counts a date that is skipped early from its own day, and one that is late from today', () => {
    const create = () =>
      new TestSeries({ rule: 'FREQ=DAILY;INTERVAL=3', due: '2027-01-10', basis });
    expect(create().next('2027-01-05T00:00:00Z', 'skip')).toBe('2027-01-13');
    expect(create().next('2027-01-12T00:00:00Z', 'skip')).toBe('2027-01-15');
  });

  it('ends after COUNT tasks', () => {
    const series = new TestSeries({ rule: 'FREQ=DAILY;COUNT=3', due: '2027-01-10', basis });
    expect(series.take(3)).toEqual(['2027-01-11', '2027-01-12', null]);
  });
});

describe('the end of a series', () => {
  it('comes after COUNT dates, the first due and skipped ones included', () => {
    const series = new TestSeries({ rule: 'FREQ=DAILY;COUNT=5', due: '2027-01-01' });
    expect(series.next('2027-01-03T12:00:00Z')).toBe('2027-01-03');
    expect(series.take(3)).toEqual(['2027-01-04', '2027-01-05', null]);
  });

  it('comes at once when the dates that COUNT allows have passed', () => {
    const series = new TestSeries({ rule: 'FREQ=DAILY;COUNT=5', due: '2027-01-01' });
    expect(series.next('2027-01-06T00:00:00Z')).toBeNull();
  });

  it('counts a first due that does not match the rule', () => {
    const series = new TestSeries({ rule: 'FREQ=WEEKLY;BYDAY=MO;COUNT=2', due: '2027-03-02' });
    expect(series.take(2)).toEqual(['2027-03-08', null]);
  });

  it.each([
    { until: '20270103', due: '2027-01-01', last: '2027-01-03' },
    { until: '20270103', due: '2027-01-01T23:30:00Z', last: '2027-01-02T23:30:00.000Z' },
    { until: '20270103T080000', due: '2027-01-01T07:00:00Z', last: '2027-01-03T07:00:00.000Z' },
    { until: '20270103T075959', due: '2027-01-01T07:00:00Z', last: '2027-01-02T07:00:00.000Z' },
    { until: '20270103T070000Z', due: '2027-01-01T07:00:00Z', last: '2027-01-03T07:00:00.000Z' },
    { until: '20270103T065959Z', due: '2027-01-01T07:00:00Z', last: '2027-01-02T07:00:00.000Z' },
    { until: '20270102T230000Z', due: '2027-01-01', last: '2027-01-03' },
    { until: '20270102T225959Z', due: '2027-01-01', last: '2027-01-02' },
  ])('is UNTIL=$until, inclusive, in the time zone: $last', ({ until, due, last }) => {
    const rule = `FREQ=DAILY;UNTIL=${until}`;
    const series = new TestSeries({ rule, due, timeZone: 'Europe/Berlin' });
    const dates = [textOf(dueOf(due)), ...series.take(3)];
    expect(dates[dates.indexOf(null) - 1]).toBe(last);
  });

  it('comes at the end of the year 9999', () => {
    const due = '9999-12-31T23:30:00Z';
    expect(new TestSeries({ rule: 'FREQ=DAILY', due }).next()).toBeNull();
    const timeZone = 'America/New_York';
    expect(new TestSeries({ rule: 'FREQ=DAILY', due, timeZone }).next()).toBeNull();
  });
});

describe('a time of day', () => {
  it.each([
    {
      timeZone: 'Europe/Berlin',
      due: '2027-03-27T01:30:00Z',
      next: ['2027-03-28T01:30:00.000Z', '2027-03-29T00:30:00.000Z'],
    },
    {
      timeZone: 'America/New_York',
      due: '2027-03-13T07:30:00Z',
      next: ['2027-03-14T07:30:00.000Z', '2027-03-15T06:30:00.000Z'],
    },
    {
      timeZone: 'Australia/Lord_Howe',
      due: '2027-10-01T15:45:00Z',
      next: ['2027-10-02T15:45:00.000Z', '2027-10-03T15:15:00.000Z'],
    },
    {
      timeZone: 'America/Nuuk',
      due: '2024-03-30T01:30:00Z',
      next: ['2024-03-31T01:30:00.000Z', '2024-04-01T00:30:00.000Z'],
    },
    {
      timeZone: 'Pacific/Apia',
      due: '2011-12-29T20:00:00Z',
      next: ['2011-12-30T20:00:00.000Z', '2011-12-31T20:00:00.000Z'],
    },
  ])('that $timeZone skips is one gap later, and back the next day', (row) => {
    const { timeZone, due, next } = row;
    expect(new TestSeries({ rule: 'FREQ=DAILY', due, timeZone }).take(2)).toEqual(next);
  });

  it('is the first of two when clocks go back', () => {
    const series = new TestSeries({
      rule: 'FREQ=DAILY',
      due: '2027-10-30T00:30:00Z',
      timeZone: 'Europe/Berlin',
    });
    expect(series.take(2)).toEqual(['2027-10-31T00:30:00.000Z', '2027-11-01T01:30:00.000Z']);
  });

  it('is kept to the millisecond', () => {
    const series = new TestSeries({ rule: 'FREQ=DAILY', due: '2027-01-01T10:11:12.345Z' });
    expect(series.next()).toBe('2027-01-02T10:11:12.345Z');
  });
});
