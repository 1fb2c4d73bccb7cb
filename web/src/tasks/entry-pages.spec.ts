import { describe, expect, it } from '@jest/globals';
import type { TaskEntry } from '../changes/entry';
import { withEntry } from './entry-pages';
import type { LocalFilter } from './filter';
import { sampleTask } from './sample-task';
import type { Task } from './task';
import type { TaskPages } from './task-pages';

const today = { day: '2026-11-27', timeZone: 'UTC' };
const all: LocalFilter = { view: 'all', search: { sort: 'title' }, today };
const trash: LocalFilter = { view: 'trash', search: {}, today };

const task = (id: string, fields: Partial<Task> = {}) => sampleTask({ id, title: id, ...fields });
const pagesOf = (pages: readonly Task[][], nextCursor: string | null = null): TaskPages => ({
  pages: pages.map((data, i) => ({ data, nextCursor: i < pages.length - 1 ? 'next' : nextCursor })),
  pageParams: pages.map(() => ''),
});
const idsOf = ({ pages }: TaskPages) => pages.map(({ data }) => data.map(({ id }) => id));
const entry = (type: string, changed: Task | null, id = changed?.id ?? ''): TaskEntry =>
  ({
    token: 't',
    type: `task.${type}`,
    id,
    version: changed?.version ?? 9,
    at: '',
    task: changed,
  }) as TaskEntry;

const list = pagesOf([[task('b'), task('d')], [task('f')]]);
const changed = (fields: Partial<Task>) => task('d', { version: 2, ...fields });

describe('a list with an entry of the change log', () => {
  it.each([
    {
      name: 'shows a new task where the sort has it',
      of: entry('created', task('c')),
      ids: [['b', 'c', 'd'], ['f']],
    },
    {
      name: 'takes out one that was completed',
      of: entry('completed', changed({ completed: true })),
      ids: [['b'], ['f']],
    },
    {
      name: 'takes out one that went to the trash',
      of: entry('trashed', changed({})),
      ids: [['b'], ['f']],
    },
    {
      name: 'takes out one that was deleted for good',
      of: entry('removed', null, 'd'),
      ids: [['b'], ['f']],
    },
    {
      name: 'moves one to where the sort has it now',
      of: entry('updated', changed({ title: 'z' })),
      ids: [['b'], ['f', 'd']],
    },
    {
      name: 'leaves one in its place otherwise',
      of: entry('updated', changed({ priority: 'high' })),
      ids: [['b', 'd'], ['f']],
    },
    {
      name: 'brings one back from the trash',
      of: entry('restored', task('g')),
      ids: [
        ['b', 'd'],
        ['f', 'g'],
      ],
    },
  ])('$name', ({ of, ids }) => {
    expect(idsOf(withEntry(list, of, all, false))).toEqual(ids);
  });

  it('has the latest state, and the progress that was read', () => {
    const subtasks = { total: 3, completed: 1 };
    const [page] = withEntry(
      pagesOf([[task('d', { subtasks })]]),
      entry('updated', changed({ title: 'e' })),
      all,
      false,
    ).pages;
    expect(page?.data).toEqual([changed({ title: 'e', subtasks })]);
  });

  it('is not changed by what is older', () => {
    const newer = pagesOf([[task('d', { version: 3 })]]);
    expect(withEntry(newer, entry('completed', changed({ completed: true })), all, false)).toBe(
      newer,
    );
  });

  it('keeps a task in its place that the person is changing', () => {
    const kept = withEntry(
      list,
      entry('updated', changed({ title: 'z', completed: true })),
      all,
      true,
    );
    expect(idsOf(kept)).toEqual([['b', 'd'], ['f']]);
    expect(kept.pages[0]?.data[1]).toMatchObject({ title: 'z' });
  });

  it('leaves to the next page what belongs there', () => {
    const open = pagesOf([[task('b'), task('d')]], 'next');
    expect(idsOf(withEntry(open, entry('created', task('x')), all, false))).toEqual([['b', 'd']]);
  });

  it('takes out of the trash what was restored, and leaves its order to the server', () => {
    const trashed = pagesOf([[task('d')]]);
    expect(idsOf(withEntry(trashed, entry('restored', changed({})), trash, false))).toEqual([[]]);
    expect(withEntry(trashed, entry('trashed', task('x')), trash, false)).toBe(trashed);
  });

  it('leaves to the server what words find', () => {
    const search: LocalFilter = { ...all, search: { q: 'milk' } };
    expect(withEntry(list, entry('created', task('milk')), search, false)).toBe(list);
  });
});
