import { describe, expect, it } from '@jest/globals';
import { canonicalJson } from './canonical-json.js';

describe('canonicalJson', () => {
  it('ignores the order of members at every level', () => {
    const one = { a: 1, b: [{ c: null, d: 'x' }], 10: true, 9: false };
    const other = { 9: false, b: [{ d: 'x', c: null }], 10: true, a: 1 };
    expect(canonicalJson(one)).toBe(canonicalJson(other));
  });

  it.each([
    { one: [1, 2], other: [2, 1] },
    { one: { a: 1 }, other: { a: '1' } },
    { one: { a: null }, other: {} },
    { one: { a: { b: 1 } }, other: { a: 1, b: 1 } },
    { one: JSON.parse('{"__proto__":1}') as unknown, other: {} },
  ])('distinguishes $one from $other', ({ one, other }) => {
    expect(canonicalJson(one)).not.toBe(canonicalJson(other));
  });
});
