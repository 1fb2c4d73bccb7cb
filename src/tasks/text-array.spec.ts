import { expect, it } from '@jest/globals';
import { arrayLiteral } from './text-array.js';

it.each([
  [[], '{}'],
  [['home', 'errand'], '{"home","errand"}'],
  [['NULL', ''], '{"NULL",""}'],
  [['a,b', '{c}'], '{"a,b","{c}"}'],
  [['"', '\\', '\\"'], String.raw`{"\"","\\","\\\""}`],
  [['one\ntwo\tthree, "four"'], '{"one\ntwo\tthree, \\"four\\""}'],
])('the array of %j is %s', (elements, literal) => {
  expect(arrayLiteral(elements)).toBe(literal);
});
