import { describe, expect, it } from '@jest/globals';
import { dueOf, parseRelativeDue } from './relative-due.js';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** The day, or the instant, that a word means at a moment. */
function meaningOf(word: string, timeZone: string, now: string): string | undefined {
  const relative = parseRelativeDue(word);
  if (relative === undefined) return undefined;
  const { dueDate, dueAt } = dueOf(relative, timeZone, Date.parse(now));
  return dueDate ?? dueAt?.toISOString();
}

describe('parseRelativeDue', () => {
  it.each([
    { word: 'today', origin: 'today', days: 0 },
    { word: 'tomorrow', origin: 'today', days: 1 },
    { word: 'now', origin: 'now', days: 0 },
    { word: 'today+3d', origin: 'today', days: 3 },
    { word: 'today-3d', origin: 'today', days: -3 },
    { word: 'today+2w', origin: 'today', days: 14 },
    { word: 'tomorrow-1d', origin: 'today', days: 0 },
    { word: 'tomorrow+1w', origin: 'today', days: 8 },
    { word: 'now-2w', origin: 'now', days: -14 },
    { word: 'now-0d', origin: 'now', days: 0 },
    { word: 'now+0007d', origin: 'now', days: 7 },
    { word: 'today+9999w', origin: 'today', days: 69_993 },
  ])('reads $word as $days days from $origin', ({ word, origin, days }) => {
    expect(parseRelativeDue(word)).toEqual({ origin, days });
  });

  it.each([
    ...['', 'yesterday', 'TODAY', 'Now', ' today', 'today ', 'today\n', 'todaynow', 'nowhere'],
    ...[
      'today+',
      'today+d',
      'today+3',
      'today3d',
      'today +3d',
      'today+ 3d',
      'today 3d',
      'today++3d',
    ],
    ...['today+-3d', 'today+3h', 'today+3m', 'today+3D', 'today+3d2w', 'now+1.5d', 'now+1e1d'],
    ...['today+10000d', 'today-00000d', 'today+٣d', 'today−3d', '2026-12-24+3d', '+3d'],
  ])('refuses %j', (word) => {
    expect(parseRelativeDue(word)).toBeUndefined();
  });
});

describe('a word', () => {
  it.each([
    { word: 'today', timeZone: 'UTC', now: '2026-11-28T23:59:59.999Z', meaning: '2026-11-28' },
    { word: 'today', timeZone: 'UTC', now: '2026-11-29T00:00:00.000Z', meaning: '2026-11-29' },
    { word: 'today', timeZone: 'Asia/Tokyo', now: '2026-11-28T15:00:00Z', meaning: '2026-11-29' },
    {
      word: 'today',
      timeZone: 'Pacific/Kiritimati',
      now: '2026-12-31T10:00:00Z',
      meaning: '2027-01-01',
    },
    {
      word: 'today',
      timeZone: 'Pacific/Pago_Pago',
      now: '2027-01-01T10:59:00Z',
      meaning: '2026-12-31',
    },
    { word: 'tomorrow', timeZone: 'UTC', now: '2026-12-31T12:00:00Z', meaning: '2027-01-01' },
    { word: 'tomorrow', timeZone: 'UTC', now: '2028-02-28T12:00:00Z', meaning: '2028-02-29' },
    { word: 'tomorrow', timeZone: 'UTC', now: '2027-02-28T12:00:00Z', meaning: '2027-03-01' },
    { word: 'today+4w', timeZone: 'UTC', now: '2026-11-28T12:00:00Z', meaning: '2026-12-26' },
    { word: 'today-28d', timeZone: 'UTC', now: '2026-11-28T12:00:00Z', meaning: '2026-10-31' },
    {
      word: 'now',
      timeZone: 'Asia/Tokyo',
      now: '2026-11-28T15:00:00.123Z',
      meaning: '2026-11-28T15:00:00.123Z',
    },
    {
      word: 'now-1w',
      timeZone: 'UTC',
      now: '2026-11-28T15:00:00Z',
      meaning: '2026-11-21T15:00:00.000Z',
    },
  ])('$word in $timeZone at $now is $meaning', ({ word, timeZone, now, meaning }) => {
    expect(meaningOf(word, timeZone, now)).toBe(meaning);
  });

  it.each([
    { change: 'goes forward', now: '2026-03-28T23:30:00Z', days: ['2026-03-29', '2026-03-30'] },
    { change: 'goes back', now: '2026-10-24T22:30:00Z', days: ['2026-10-25', '2026-10-26'] },
  ])('counts days of the calendar where the clock $change, and 24 hours from now', (row) => {
    const at = Date.parse(row.now);
    const meaning = (word: string) => meaningOf(word, 'Europe/Berlin', row.now);
    expect([meaning('today'), meaning('tomorrow')]).toEqual(row.days);
    expect(meaning('today+1d')).toBe(meaning('tomorrow'));
    expect(meaning('now+1d')).toBe(new Date(at + DAY_MS).toISOString());
    expect(meaning('now-1w')).toBe(new Date(at - 7 * DAY_MS).toISOString());
  });

  it('does not depend on the hour of the day, whose length a change of the clock alters', () => {
    // 25 October 2026 has 25 hours in Berlin: the last one is more than 24 hours after the first.
    const start = Date.parse('2026-10-24T22:00:00Z');
    for (let hour = 0; hour < 25; hour += 1) {
      const now = new Date(start + hour * HOUR_MS).toISOString();
      const words = ['today-1d', 'today', 'tomorrow', 'today+1w'];
      const days = words.map((word) => meaningOf(word, 'Europe/Berlin', now));
      expect(days).toEqual(['2026-10-24', '2026-10-25', '2026-10-26', '2026-11-01']);
    }
  });

  it('counts the day that a zone skipped', () => {
    // Samoa's calendar has no 30 December 2011; this is its 29 December.
    const meaning = (word: string) => meaningOf(word, 'Pacific/Apia', '2011-12-30T09:00:00Z');
    expect(meaning('today')).toBe('2011-12-29');
    expect(meaning('tomorrow')).toBe('2011-12-30');
    expect(meaning('today+2d')).toBe('2011-12-31');
    expect(meaning('now+1d')).toBe('2011-12-31T09:00:00.000Z');
    // An hour later it is 31 December there.
    expect(meaningOf('today', 'Pacific/Apia', '2011-12-30T10:00:00Z')).toBe('2011-12-31');
  });

  it('never leaves the years 1 to 9999', () => {
    for (const now of ['1970-01-01T00:00:00Z', '2026-11-28T12:00:00Z', '9500-01-01T00:00:00Z']) {
      for (const timeZone of ['UTC', 'Pacific/Kiritimati', 'Pacific/Pago_Pago']) {
        for (const word of ['today', 'tomorrow', 'now'].flatMap((name) => [
          `${name}-9999w`,
          `${name}+9999w`,
        ])) {
          expect(meaningOf(word, timeZone, now)).toMatch(/^\d{4}-\d\d-\d\d/);
        }
      }
    }
  });
});
