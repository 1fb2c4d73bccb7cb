import { describe, expect, it } from '@jest/globals';
import { plainToInstance } from 'class-transformer';
import { Digits } from './env.decorators.js';

class Sample {
  @Digits()
  count?: unknown;
}

describe('Digits', () => {
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
