import { expect, it } from '@jest/globals';
import { parse as parseArray } from 'postgres-array';
import { arrayLiteral } from './array-literal.js';

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

it.each([
  ['{}', []],
  ['{home,errand}', ['home', 'errand']],
  ['{"NULL",""}', ['NULL', '']],
  ['{plain,"a,b","{c}",plain}', ['plain', 'a,b', '{c}', 'plain']],
  [String.raw`{"\"","\\","\\\""}`, ['"', '\\', '\\"']],
  ['{"one\ntwo\tthree, \\"four\\""}', ['one\ntwo\tthree, "four"']],
  ['{"\u2028 🥛",🥛}', ['\u2028 🥛', '🥛']],
])('%s is the array of %j', (literal, elements) => {
  expect(parseArray(literal)).toEqual(elements);
  expect(parseArray(arrayLiteral(elements))).toEqual(elements);
});
