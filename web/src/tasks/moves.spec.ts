import { describe, expect, it } from '@jest/globals';
import { dropOf } from './drops';
import { type Direction, placeTowards, whereabouts } from './moves';
import { sampleTask } from './sample-task';
import type { Task } from './task';
import { nest } from './tree';

const task = (id: string, parentId: string | null = null, listId: string | null = null): Task =>
  sampleTask({ id, title: id, parentId, listId, position: id });
const none = () => false;
const rowsOf = (tasks: readonly Task[]) =>
  nest(tasks, { isLoose: none, isFolded: none, hasSubtasks: none });

/** a(b, c(d)), e, f */
const known = [task('a'), task('b', 'a'), task('c', 'a'), task('d', 'c'), task('e'), task('f')];
const rows = rowsOf(known);
const rowOf = (id: string) => rows.find((row) => row.id === id) ?? task(id);

describe('placeTowards', () => {
  it.each<{ id: string; direction: Direction; to: unknown }>([
    { id: 'e', direction: 'up', to: { parentId: null, before: 'a' } },
    { id: 'e', direction: 'down', to: { parentId: null, after: 'f' } },
    { id: 'a', direction: 'up', to: 'first' },
    { id: 'f', direction: 'down', to: 'last' },
    { id: 'c', direction: 'up', to: { parentId: 'a', before: 'b' } },
    { id: 'b', direction: 'up', to: 'first' },
    { id: 'e', direction: 'indent', to: { parentId: 'a' } },
    { id: 'c', direction: 'indent', to: { parentId: 'b' } },
    { id: 'b', direction: 'indent', to: 'nothingAbove' },
    { id: 'd', direction: 'outdent', to: { parentId: 'a', after: 'c' } },
    { id: 'b', direction: 'outdent', to: { parentId: null, after: 'a' } },
    { id: 'e', direction: 'outdent', to: 'noParent' },
  ])('moves $id $direction', ({ id, direction, to }) => {
    expect(placeTowards(rowOf(id), direction, { rows, known })).toEqual(to);
  });

  it('keeps a task with its subtasks within five levels', () => {
    const deep = [task('1'), task('2', '1'), task('3', '2'), task('4', '3'), task('5', '4')];
    const all = [task('0'), ...deep];
    const place = (id: string) =>
      placeTowards(task(id), 'indent', { rows: rowsOf(all), known: all });
    expect(place('1')).toBe('too_deep');
  });
});

describe('whereabouts', () => {
  it('counts the new siblings, and names their parent', () => {
    expect(whereabouts(rowOf('e'), { parentId: 'a', before: 'c' }, known)).toMatchObject({
      place: 2,
      total: 3,
      parent: { id: 'a' },
    });
  });
});

describe('dropOf', () => {
  it.each([
    { id: 'f', gap: 0, depth: 0, place: { parentId: null, before: 'a' } },
    { id: 'f', gap: 0, depth: 3, place: { parentId: null, before: 'a' } },
    { id: 'f', gap: 1, depth: 0, place: { parentId: 'a', before: 'b' } },
    { id: 'f', gap: 4, depth: 0, place: { parentId: null, after: 'a' } },
    { id: 'f', gap: 4, depth: 1, place: { parentId: 'a', after: 'c' } },
    { id: 'f', gap: 4, depth: 2, place: { parentId: 'c', after: 'd' } },
    { id: 'f', gap: 4, depth: 3, place: { parentId: 'd' } },
    { id: 'a', gap: 6, depth: 0, place: { parentId: null, after: 'f' } },
    { id: 'a', gap: 2, depth: 0, place: { parentId: null, before: 'e' } },
  ])('drops $id at gap $gap, level $depth', ({ id, gap, depth, place }) => {
    expect(dropOf({ task: rowOf(id), gap, depth }, rows, known)?.place).toEqual(place);
  });

  it('leaves a task in its own list among those of others', () => {
    const mixed = [task('a', null, 'x'), task('b', null, 'y'), task('c', null, 'x')];
    const all = rowsOf(mixed);
    const [, , c = task('c')] = all;
    expect(dropOf({ task: c, gap: 0, depth: 0 }, all, mixed)?.place).toEqual({
      parentId: null,
      before: 'a',
    });
    const [, b = task('b')] = all;
    expect(dropOf({ task: b, gap: 3, depth: 0 }, all, mixed)?.place).toEqual({ parentId: null });
  });
});
