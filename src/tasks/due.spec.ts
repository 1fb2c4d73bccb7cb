import { describe, expect, it } from '@jest/globals';
import { parseDue } from './due.js';

const DAY = 86_400_000;

describe('parseDue', () => {
  it('takes every day of the calendar, and no other', () => {
    for (const year of [1, 4, 99, 100, 1900, 2000, 2023, 2024, 9999]) {
      let days = 0;
      for (let month = 0; month <= 13; month += 1) {
        for (let day = 0; day <= 32; day += 1) {
          const digits = [String(year).padStart(4, '0'), month, day];
          const text = digits.map((part) => String(part).padStart(2, '0')).join('-');
          if (parseDue(text) !== undefined) days += 1;
        }
      }
      const isLeap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
      expect([year, days]).toEqual([year, isLeap ? 366 : 365]);
    }
  });

  it('keeps a day as it is written, and no instant with it', () => {
    expect(parseDue('2026-12-24')).toEqual({ dueDate: '2026-12-24', dueAt: null });
  });

  it('gives back every instant that a Date can print', () => {
    for (let time = Date.UTC(2023, 0); time < Date.UTC(2025, 0); time += DAY - 12_345_678) {
      const dueAt = new Date(time);
      expect(parseDue(dueAt.toISOString())).toEqual({ dueDate: null, dueAt });
    }
  });

  it.each([
    { text: '2026-12-24T00:30:00+02:00', instant: '2026-12-23T22:30:00.000Z' },
    { text: '2026-12-24T23:30:00-00:45', instant: '2026-12-25T00:15:00.000Z' },
    { text: '2026-12-24t23:30:00.1z', instant: '2026-12-24T23:30:00.100Z' },
    { text: '2026-12-24T23:30:00.12300000Z', instant: '2026-12-24T23:30:00.123Z' },
    { text: '2026-12-24T23:30:00.999999999Z', instant: '2026-12-24T23:30:00.999Z' },
    { text: '2026-12-24T23:30:00.0001+00:00', instant: '2026-12-24T23:30:00.000Z' },
    { text: `2026-12-24T23:30:00.5${'0'.repeat(1000)}1Z`, instant: '2026-12-24T23:30:00.500Z' },
  ])('reads $text as $instant', ({ text, instant }) => {
    expect(parseDue(text)?.dueAt?.toISOString()).toBe(instant);
  });

  it.each([
    '2016-12-31T23:59:60Z',
    '2026-12-24T23:30:00123Z',
    '2026-12-24T23:30:00.Z',
    '2026-12-24T23:30:00.1.2Z',
    '2026-12-24T24:00:00Z',
    '2026-12-24T23:30:00',
    '2026-02-30T23:30:00Z',
    '0001-01-01T00:00:00+00:01',
    '9999-12-31T23:59:59-00:01',
    '0000-12-31',
  ])('refuses %s', (text) => {
    expect(parseDue(text)).toBeUndefined();
  });
});
