import { describe, expect, it } from '@jest/globals';
import { compareTasks, matches, taskQuery } from './filter';
import { type Task } from './task';
import { sampleTask } from './sample-task';

const today = { day: '2026-11-27', timeZone: 'America/New_York' };
const task = (fields: Partial<Task>) => sampleTask({ id: '1', title: 'x', ...fields });

describe('taskQuery', () => {
  it.each([
    { view: 'today' as const, query: { completed: false, dueBefore: '2026-11-28', sort: 'due' } },
    { view: 'upcoming' as const, query: { completed: false, dueAfter: '2026-11-28', sort: 'due' } },
    { view: 'all' as const, query: { completed: false, sort: '-createdAt' } },
    { view: 'trash' as const, query: { trashed: true, sort: '-updatedAt' } },
  ])('asks for $view', ({ view, query }) => {
    expect(taskQuery(view, {}, today)).toEqual({ ...query, timeZone: 'America/New_York' });
  });

  it('narrows a view by a search', () => {
    const search = {
      q: 'milk',
      tags: ['a,b', 'c'],
      priority: ['high' as const],
      status: 'done' as const,
      due: 'none' as const,
      sort: 'title' as const,
    };
    expect(taskQuery('all', search, today)).toEqual({
      q: 'milk',
      tags: String.raw`a\,b,c`,
      priority: 'high',
      completed: true,
      hasDue: false,
      sort: 'title',
      timeZone: 'America/New_York',
    });
    expect(taskQuery('today', { due: 'overdue' }, today).dueBefore).toBe('2026-11-27');
  });
});

describe('matches', () => {
  it.each([
    { list: 'a', listId: 'a', fits: true },
    { list: 'a', listId: 'b', fits: false },
    { list: 'a', listId: null, fits: false },
    { list: 'none', listId: null, fits: true },
    { list: 'none', listId: 'a', fits: false },
  ])('finds a task of the list $listId by $list: $fits', ({ list, listId, fits }) => {
    expect(matches(task({ listId }), { view: 'all', search: { list }, today })).toBe(fits);
  });

  it.each([
    { view: 'today' as const, due: '2026-11-27', fits: true },
    { view: 'today' as const, due: '2026-11-01', fits: true },
    { view: 'today' as const, due: '2026-11-28', fits: false },
    // Still the 27th in New York.
    { view: 'today' as const, due: '2026-11-28T04:59:00.000Z', fits: true },
    { view: 'today' as const, due: '2026-11-28T05:00:00.000Z', fits: false },
    { view: 'today' as const, due: null, fits: false },
    { view: 'upcoming' as const, due: '2026-11-28', fits: true },
    { view: 'upcoming' as const, due: '2026-11-27', fits: false },
    { view: 'upcoming' as const, due: null, fits: false },
    { view: 'all' as const, due: null, fits: true },
    { view: 'trash' as const, due: null, fits: false },
  ])('puts what is due $due into $view: $fits', ({ view, due, fits }) => {
    expect(matches(task({ due }), { view, search: {}, today })).toBe(fits);
  });

  it.each([
    { search: {}, fits: true },
    { search: { status: 'done' as const }, fits: false },
    { search: { tags: ['HOME'] }, fits: true },
    { search: { tags: ['home', 'work'] }, fits: false },
    { search: { priority: ['high' as const, 'low' as const] }, fits: true },
    { search: { priority: ['none' as const] }, fits: false },
    { search: { q: 'cafe MIL' }, fits: true },
    { search: { q: 'tea' }, fits: false },
    { search: { due: 'none' as const }, fits: true },
    { search: { due: 'overdue' as const }, fits: false },
  ])('applies $search', ({ search, fits }) => {
    const milk = task({
      title: 'Milk',
      description: 'for the Café',
      tags: ['home'],
      priority: 'high',
    });
    expect(matches(milk, { view: 'all', search, today })).toBe(fits);
  });
});

describe('compareTasks', () => {
  const tasks = [
    task({ id: 'a', title: 'Éclair', due: null, priority: 'low' }),
    task({ id: 'b', title: 'eclipse', due: '2026-12-01', priority: 'high' }),
    task({ id: 'c', title: 'Apple', due: '2026-11-01', priority: 'high' }),
  ];

  it.each([
    { sort: 'due' as const, ids: 'cba' },
    { sort: '-due' as const, ids: 'bca' },
    { sort: 'priority' as const, ids: 'abc' },
    { sort: '-priority' as const, ids: 'cba' },
    { sort: 'title' as const, ids: 'cab' },
    { sort: '-createdAt' as const, ids: 'cba' },
  ])('sorts by $sort', ({ sort, ids }) => {
    const sorted = tasks.toSorted((one, other) => compareTasks(one, other, sort));
    expect(sorted.map(({ id }) => id).join('')).toBe(ids);
  });
});
