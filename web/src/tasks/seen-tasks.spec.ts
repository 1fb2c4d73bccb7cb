import { describe, expect, it } from '@jest/globals';
import { missingTasks, seenList } from './seen-tasks';
import { type Task } from './task';
import { sampleTask } from './sample-task';

const filter = {
  view: 'all' as const,
  search: {},
  today: { day: '2026-11-27', timeZone: 'UTC' },
};
const task = (id: string, fields: Partial<Task> = {}) =>
  sampleTask({ id, title: id, createdAt: `2026-11-2${id}T10:00:00.000Z`, ...fields });
const seen = ['1', '2', '3', '4'].map((id) => ({
  user: 'ada',
  id,
  isTrashed: id === '4',
  task: task(id),
}));

describe('seenList', () => {
  it('has what fits, in order', () => {
    expect(seenList(seen, filter).map(({ id }) => id)).toEqual(['3', '2', '1']);
    expect(seenList(seen, { ...filter, view: 'trash' }).map(({ id }) => id)).toEqual(['4']);
  });
});

describe('missingTasks', () => {
  it('finds what a whole list does not have', () => {
    const page = { data: [task('2')], nextCursor: null };
    expect(missingTasks(seen, filter, page)).toEqual(['1', '3']);
  });

  it('finds what the first page does not have, and leaves the rest', () => {
    const page = { data: [task('2')], nextCursor: 'more' };
    expect(missingTasks(seen, filter, page)).toEqual(['3']);
  });

  it.each([{ q: 'milk' }, { sort: 'title' as const }, { sort: '-title' as const }])(
    'leaves it to the server to compare by $q$sort',
    (search) => {
      const page = { data: [], nextCursor: null };
      expect(missingTasks(seen, { ...filter, search }, page)).toEqual([]);
    },
  );
});
