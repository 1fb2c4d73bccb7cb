import { expect, it } from '@jest/globals';
import { parse as parseArray } from 'postgres-array';
import { arrayLiteral } from './array-literal.js';

it.each([
  { elements: [], literal: '{}' },
  { elements: ['home', 'errand'], literal: '{"home","errand"}' },
  { elements: ['NULL', ''], literal: '{"NULL",""}' },
  { elements: ['a,b', '{c}'], literal: '{"a,b","{c}"}' },
  { elements: ['"', '\\', '\\"'], literal: String.raw`{"\"","\\","\\\""}` },
  { elements: ['one\ntwo\tthree, "four"'], literal: '{"one\ntwo\tthree, \\"four\\""}' },
])('the array of $elements is $literal', ({ elements, literal }) => {
  expect(arrayLiteral(elements)).toBe(literal);
});

it.each([
  { literal: '{}', elements: [] },
  { literal: '{home,errand}', elements: ['home', 'errand'] },
  { literal: '{"NULL",""}', elements: ['NULL', ''] },
  { literal: '{plain,"a,b","{c}",plain}', elements: ['plain', 'a,b', '{c}', 'plain'] },
  { literal: String.raw`{"\"","\\","\\\""}`, elements: ['"', '\\', '\\"'] },
  { literal: '{"one\ntwo\tthree, \\"four\\""}', elements: ['one\ntwo\tthree, "four"'] },
  { literal: '{"\u2028 🥛",🥛}', elements: ['\u2028 🥛', '🥛'] },
])('$literal is the array of $elements', ({ literal, elements }) => {
  expect(parseArray(literal)).toEqual(elements);
  expect(parseArray(arrayLiteral(elements))).toEqual(elements);
});
