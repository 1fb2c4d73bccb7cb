import { describe, expect, it } from '@jest/globals';
import { inOrder, type List, moveTo, nameError, withList } from './list';
import { sampleList } from './sample-list';

const LISTS = ['a', 'b', 'c'].map((id) => sampleList({ id }));
const idsOf = (lists: readonly List[] = []) => lists.map(({ id }) => id).join('');

describe('nameError', () => {
  it.each([
    { problem: 'nothing but blanks', name: ' \t', code: 'too_short' },
    { problem: '101 characters', name: 'x'.repeat(101), code: 'too_long' },
    { problem: 'a NUL', name: 'a\0b', code: 'unicode' },
    { problem: 'half a character', name: 'a\ud83d', code: 'unicode' },
  ])('refuses $problem', ({ name, code }) => {
    expect(nameError(name)).toBe(code);
  });

  it('counts code points, without the blanks around them', () => {
    expect(nameError(` ${'👍'.repeat(100)} `)).toBeUndefined();
  });
});

describe('inOrder', () => {
  it('compares positions by their bytes, and then ids', () => {
    const lists = [
      sampleList({ id: '1', position: 'b' }),
      sampleList({ id: '3', position: 'Z' }),
      sampleList({ id: '2', position: 'Z' }),
    ];
    expect(idsOf(inOrder(lists))).toBe('231');
  });
});

describe('withList', () => {
  it('puts a list to its place, and keeps counts that a response to a write lacks', () => {
    const tasks = { open: 2, completed: 1 };
    const lists = LISTS.map((list) => ({ ...list, tasks }));
    const after = withList(lists, sampleList({ id: 'a', position: 'bb', version: 2 }));
    expect(idsOf(after)).toBe('bac');
    expect(after[1]).toMatchObject({ version: 2, tasks });
  });

  it('adds a new one', () => {
    expect(idsOf(withList(LISTS, sampleList({ id: 'd' })))).toBe('abcd');
  });
});

describe('moveTo', () => {
  it.each([
    { id: 'c', index: 0, order: 'cab', beside: { before: 'a' } },
    { id: 'a', index: 1, order: 'bac', beside: { before: 'c' } },
    { id: 'a', index: 2, order: 'bca', beside: { after: 'c' } },
  ])('moves $id to $index: $order', ({ id, index, order, beside }) => {
    const move = moveTo(LISTS, id, index);
    expect(idsOf(move?.lists)).toBe(order);
    expect(move?.beside).toEqual(beside);
  });

  it.each([
    { place: 'where it is', id: 'b', index: 1 },
    { place: 'before the first', id: 'a', index: -1 },
    { place: 'behind the last', id: 'c', index: 3 },
    { place: 'one of a list that is not there', id: 'x', index: 0 },
  ])('moves nothing to a place $place', ({ id, index }) => {
    expect(moveTo(LISTS, id, index)).toBeUndefined();
  });
});
