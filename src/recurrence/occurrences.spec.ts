import { describe, expect, it } from '@jest/globals';
import {
  type Due,
  MAX_DATES,
  nextOccurrence,
  type Occurrence,
  occurrencesOf,
  resolveRecurrence,
} from './index.js';

const dueOf = (text: string): Due =>
  text.includes('T') ? { dueDate: null, dueAt: new Date(text) } : { dueDate: text, dueAt: null };

interface Query {
  readonly rule: string;
  readonly due: string;
  readonly timeZone?: string;
  readonly from?: string;
  readonly to?: string;
  readonly limit?: number;
}

function resolve({ rule, due, timeZone = 'UTC' }: Query) {
  const resolved = resolveRecurrence(null, { rule, timeZone }, dueOf(due));
  if (resolved.faults) throw new Error(JSON.stringify(resolved.faults));
  return resolved;
}

const boundOf = (text?: string) => (text === undefined ? null : dueOf(text));

function occurrences({ from, to, limit = 100, ...query }: Query) {
  const { recurrence, first } = resolve(query);
  return occurrencesOf(recurrence, first, { from: boundOf(from), to: boundOf(to), limit });
}

const WEEKLY = { rule: 'FREQ=WEEKLY;BYDAY=MO', due: '2027-03-01' };

describe('the occurrences of a series', () => {
  it('begin with the present due, whether it matches the rule or not', () => {
    expect(occurrences({ ...WEEKLY, limit: 2 })).toEqual(['2027-03-01', '2027-03-08']);
    const due = '2027-03-03';
    expect(occurrences({ ...WEEKLY, due, limit: 2 })).toEqual(['2027-03-03', '2027-03-08']);
  });

  it('include from, and exclude to', () => {
    const span = { from: '2027-03-08', to: '2027-03-22' };
    expect(occurrences({ ...WEEKLY, ...span })).toEqual(['2027-03-08', '2027-03-15']);
    expect(occurrences({ ...WEEKLY, from: '2020-01-01', to: '2027-03-01' })).toEqual([]);
    expect(occurrences({ ...WEEKLY, from: '2027-03-22', to: '2027-03-08' })).toEqual([]);
  });

  it('compare instants to the millisecond', () => {
    const series = { rule: 'FREQ=DAILY', due: '2027-03-01T10:00:00.500Z', timeZone: 'Asia/Tokyo' };
    const [second, third] = ['2027-03-02T10:00:00.500Z', '2027-03-03T10:00:00.500Z'];
    expect(occurrences({ ...series, from: second, to: third })).toEqual([second]);
    expect(
      occurrences({ ...series, from: '2027-03-02T10:00:00.501Z', to: '2027-03-03T10:00:00.501Z' }),
    ).toEqual([third]);
  });

  it('have bounds that are days in the time zone of the recurrence', () => {
    const series = { rule: 'FREQ=DAILY', due: '2027-03-01T16:00:00Z', timeZone: 'Asia/Tokyo' };
    expect(occurrences({ ...series, from: '2027-03-03', to: '2027-03-04' })).toEqual([
      '2027-03-02T16:00:00.000Z',
    ]);
    const allDay = { rule: 'FREQ=DAILY', due: '2027-03-01', timeZone: 'Asia/Tokyo' };
    expect(
      occurrences({ ...allDay, from: '2027-03-02T15:30:00Z', to: '2027-03-03T15:30:00Z' }),
    ).toEqual(['2027-03-03']);
  });

  it('are limited by COUNT, of which skipped dates are part', () => {
    const rule = 'FREQ=DAILY;COUNT=4';
    const { recurrence, first } = resolve({ rule, due: '2027-01-01' });
    const next = nextOccurrence(recurrence, first, new Date('2027-01-03T00:00:00Z'), 'complete');
    const span = { from: null, to: null, limit: 100 };
    expect(occurrencesOf(recurrence, next ?? first, span)).toEqual(['2027-01-03', '2027-01-04']);
  });

  it('are the same from a state that was stored as JSON', () => {
    const { recurrence, first } = resolve({ rule: 'FREQ=DAILY', due: '2027-03-27T01:30:00Z' });
    const state = JSON.parse(JSON.stringify(first.state)) as Occurrence['state'];
    const stored: Occurrence = { due: first.due, state };
    const span = { from: null, to: null, limit: 5 };
    expect(occurrencesOf(recurrence, stored, span)).toEqual(occurrencesOf(recurrence, first, span));
  });

  it('are each a different instant, even across a day that a time zone skipped', () => {
    const series = { rule: 'FREQ=DAILY', due: '2011-12-28T20:00:00Z', timeZone: 'Pacific/Apia' };
    expect(occurrences({ ...series, limit: 4 })).toEqual([
      '2011-12-28T20:00:00.000Z',
      '2011-12-29T20:00:00.000Z',
      '2011-12-30T20:00:00.000Z',
      '2011-12-31T20:00:00.000Z',
    ]);
  });

  it(`are at most ${MAX_DATES} in the span, whatever the limit`, () => {
    const series = { rule: 'FREQ=DAILY', due: '2027-01-01', from: '2027-01-01', limit: 1 };
    const lastDay = new Date(Date.UTC(2027, 0, MAX_DATES));
    const [last = ''] = lastDay.toISOString().split('T');
    const [after = ''] = new Date(lastDay.getTime() + 86_400_000).toISOString().split('T');
    expect(occurrences({ ...series, to: after })).toEqual(['2027-01-01']);
    expect(occurrences({ ...series, to: last })).toEqual(['2027-01-01']);
    const [tooLate = ''] = new Date(lastDay.getTime() + 2 * 86_400_000).toISOString().split('T');
    expect(occurrences({ ...series, to: tooLate })).toBeUndefined();
    expect(occurrences(series)).toEqual(['2027-01-01']);
  });
});
