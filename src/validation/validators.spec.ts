import { describe, expect, it } from '@jest/globals';
import { plainToInstance } from 'class-transformer';
import { Integer, hasMaxLength, isNotBlank, isStorable, Trimmed } from './validators.js';

class Sample {
  @Integer()
  count?: unknown;

  @Trimmed()
  text?: unknown;
}

describe('hasMaxLength', () => {
  it.each([
    { text: 'xx', within: true },
    { text: 'xxx', within: false },
    { text: '🥛🥛', within: true },
    { text: '🥛🥛🥛', within: false },
    // One letter to the eye, two code points.
    { text: 'e\u0301', within: true },
    { text: 'e\u0301e', within: false },
  ])('counts code points: $text is within two: $within', ({ text, within }) => {
    expect(hasMaxLength(2)(text)).toBe(within);
  });
});

describe('isStorable', () => {
  it.each([
    { text: '', storable: true },
    { text: '🥛', storable: true },
    { text: '\ud83e', storable: false },
    { text: '\udd5b', storable: false },
    { text: '\udd5b\ud83e', storable: false },
    { text: 'a\0', storable: false },
    { text: '\u0001\uffff', storable: true },
  ])('of $text is $storable', ({ text, storable }) => {
    expect(isStorable(text)).toBe(storable);
  });
});

it.each([null, undefined, 5, {}, []])('a rule about strings accepts %j', (value) => {
  expect([hasMaxLength(0)(value), isStorable(value), isNotBlank(value)]).toEqual([
    true,
    true,
    true,
  ]);
});

describe('Integer', () => {
  it.each([
    { count: '0', expected: 0 },
    { count: '007', expected: 7 },
    { count: '999999999999999', expected: 999_999_999_999_999 },
    { count: '1000000000000000', expected: '1000000000000000' },
    { count: '-1', expected: '-1' },
    { count: '1.0', expected: '1.0' },
    { count: '1e3', expected: '1e3' },
    { count: ' 1', expected: ' 1' },
    { count: '', expected: '' },
    { count: '１', expected: '１' },
    { count: ['1'], expected: ['1'] },
    { count: 1.5, expected: 1.5 },
  ])('converts $count to $expected', ({ count, expected }) => {
    expect(plainToInstance(Sample, { count }).count).toEqual(expected);
  });
});

it.each([
  { text: ' a b\n', expected: 'a b' },
  { text: '\u00a0\ufeff\u3000', expected: '' },
  { text: null, expected: null },
  { text: 5, expected: 5 },
])('Trimmed converts $text to $expected', ({ text, expected }) => {
  expect(plainToInstance(Sample, { text }).text).toEqual(expected);
});
