import { describe, expect, it } from '@jest/globals';
import type { ShownTask } from './overlay';
import { sampleTask } from './sample-task';
import type { Task } from './task';
import { hasShownSubtasks, isNested, isOrdered, nest, tasksBelow, topmost } from './tree';

const today = { day: '2026-11-27', timeZone: 'UTC' };
const task = (id: string, parentId: string | null = null, fields: Partial<Task> = {}) =>
  sampleTask({ id, title: id, parentId, ...fields });
const ids = (tasks: readonly Task[]) => tasks.map(({ id }) => id);

const outline = (rows: readonly ShownTask[]) =>
  rows.map(({ id, nesting }) => {
    const mark = nesting?.isFolded === undefined ? '' : nesting.isFolded ? '+' : '-';
    return '.'.repeat(nesting?.depth ?? 0) + mark + id;
  });

const none = () => false;
const options = { isLoose: none, isFolded: none, hasSubtasks: none };
const family = [task('c', 'b'), task('a'), task('b', 'a'), task('d', 'a'), task('e')];

describe('nest', () => {
  it('puts each task below its parent, in the order of the list', () => {
    expect(outline(nest(family, options))).toEqual(['-a', '.-b', '..c', '.d', 'e']);
  });

  it('leaves out what is below a folded task', () => {
    const rows = nest(family, { ...options, isFolded: ({ id }) => id === 'b' });
    expect(outline(rows)).toEqual(['-a', '.+b', '.d', 'e']);
  });

  it('shows a task on its own whose parent is not listed, or is on another page', () => {
    expect(outline(nest([task('x', 'elsewhere'), task('y')], options))).toEqual(['x', 'y']);
    const rows = nest(family, { ...options, isLoose: ({ id }) => id === 'd' });
    expect(outline(rows)).toEqual(['-a', '.-b', '..c', 'd', 'e']);
  });

  it('lets a task be unfolded whose subtasks have not been read', () => {
    const rows = nest([task('a')], { ...options, isFolded: () => true, hasSubtasks: () => true });
    expect(outline(rows)).toEqual(['+a']);
  });

  it('loses no task of a circle, which lists read at different times can have', () => {
    expect(ids(nest([task('a', 'b'), task('b', 'a')], options)).sort()).toEqual(['a', 'b']);
  });
});

describe('a subtree', () => {
  it('has the tasks of all levels', () => {
    expect(ids(tasksBelow(new Set(['a']), family))).toEqual(['c', 'b', 'd']);
  });

  it('goes with its topmost task', () => {
    expect(ids(topmost([task('c', 'b'), task('a'), task('e')], family))).toEqual(['a', 'e']);
  });
});

describe('a list', () => {
  it.each([
    { title: 'all tasks', view: 'all' as const, search: {}, nested: true, ordered: false },
    { title: 'my order', view: 'all' as const, search: { sort: 'position' }, ordered: true },
    { title: 'one list', view: 'all' as const, search: { list: 'x' }, ordered: true },
    { title: 'no list', view: 'all' as const, search: { list: 'none' }, nested: true },
    { title: 'completed tasks', view: 'all' as const, search: { status: 'done' }, nested: true },
    { title: 'what is due next', view: 'all' as const, search: { sort: 'due' }, nested: false },
    { title: 'a search', view: 'all' as const, search: { q: 'x', sort: 'position' } },
    { title: 'today', view: 'today' as const, search: {} },
    { title: 'the trash', view: 'trash' as const, search: {} },
  ])('of $title', ({ view, search, ordered = false, nested = ordered }) => {
    const filter = { view, search: search as object, today };
    expect({ nested: isNested(filter), ordered: isOrdered(filter) }).toEqual({ nested, ordered });
  });

  it('has the subtasks of its status', () => {
    const parent = task('a', null, { subtasks: { total: 2, completed: 2 } });
    const has = (status: 'open' | 'done' | 'any') =>
      hasShownSubtasks(parent, { view: 'all', search: { status }, today });
    expect([has('open'), has('done'), has('any')]).toEqual([false, true, true]);
  });
});
