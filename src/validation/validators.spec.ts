import { describe, expect, it } from '@jest/globals';
import { plainToInstance } from 'class-transformer';
import { hasMaxLength, isNotBlank, isStorable, Trimmed } from './validators.js';

class Sample {
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

it.each([
  { text: ' a b\n', expected: 'a b' },
  { text: '\u00a0\ufeff\u3000', expected: '' },
  { text: null, expected: null },
  { text: 5, expected: 5 },
])('Trimmed converts $text to $expected', ({ text, expected }) => {
  expect(plainToInstance(Sample, { text }).text).toEqual(expected);
});
