import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { duplicateMember } from './duplicate-members.js';

const duplicateIn = (text: string) => duplicateMember(text, JSON.parse(text));

describe('duplicateMember', () => {
  it.each([
    { text: '{"a":1,"a":1}', name: 'a' },
    { text: '{"a":1,"b":{"c":[{"d":1,"e":2,"d":3}]}}', name: 'd' },
    { text: '{"a":{"x":1},"\\u0061":{"x":1}}', name: 'a' },
    { text: '{ "a" : ":" , "b" : "\\":" , "a"\n:\t2 }', name: 'a' },
    { text: '{"__proto__":1,"__proto__":2}', name: '__proto__' },
    { text: '{"a":{"b":1,"c":2},"a":7}', name: 'a' },
    { text: '[{"":0},{"":0,"":1}]', name: '' },
  ])('finds $name in $text', ({ text, name }) => {
    expect(duplicateIn(text)).toBe(name);
  });

  it('finds none in what JSON.stringify writes', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(duplicateIn(JSON.stringify(value, undefined, 1))).toBeUndefined();
      }),
    );
  });
});
