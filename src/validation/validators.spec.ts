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
    ['xx', true],
    ['xxx', false],
    ['🥛🥛', true],
    ['🥛🥛🥛', false],
    // One letter to the eye, two code points.
    ['e\u0301', true],
    ['e\u0301e', false],
  ])('counts code points: %j is within two: %s', (text, within) => {
    expect(hasMaxLength(2)(text)).toBe(within);
  });
});

describe('isStorable', () => {
  it.each([
    ['', true],
    ['🥛', true],
    ['\ud83e', false],
    ['\udd5b', false],
    ['\udd5b\ud83e', false],
    ['a\0', false],
    ['\u0001\uffff', true],
  ])('of %j is %s', (text, storable) => {
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
    ['0', 0],
    ['007', 7],
    ['999999999999999', 999_999_999_999_999],
    ['1000000000000000', '1000000000000000'],
    ['-1', '-1'],
    ['1.0', '1.0'],
    ['1e3', '1e3'],
    [' 1', ' 1'],
    ['', ''],
    ['１', '１'],
    [['1'], ['1']],
    [1.5, 1.5],
  ])('converts %j to %j', (count, expected) => {
    expect(plainToInstance(Sample, { count }).count).toEqual(expected);
  });
});

it.each([
  [' a b\n', 'a b'],
  ['\u00a0\ufeff\u3000', ''],
  [null, null],
  [5, 5],
])('Trimmed converts %j to %j', (text, expected) => {
  expect(plainToInstance(Sample, { text }).text).toEqual(expected);
});
