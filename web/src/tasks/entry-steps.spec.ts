import { describe, expect, it } from '@jest/globals';
import type { TaskEntry } from '../changes/entry';
import { entrySteps, knownTasks } from './entry-steps';
import { progressDeltas } from './progress';
import { sampleTask } from './sample-task';
import type { Task } from './task';

const subtask = (fields: Partial<Task> = {}) => sampleTask({ id: 's', parentId: 'p', ...fields });
const entry = (type: string, task: Task | null, version = task?.version ?? 2): TaskEntry =>
  ({ token: 't', type: `task.${type}`, id: 's', version, at: '', task }) as TaskEntry;
const numbersOf = (of: TaskEntry, ...lists: Task[][]) => {
  const { steps, unclear } = entrySteps([of], knownTasks(lists));
  return { deltas: [...progressDeltas(steps)], unclear: [...unclear] };
};
const delta = (total: number, completed: number) => ['p', { total, completed }];
const done = subtask({ completed: true, version: 2 });

describe('the numbers of subtasks', () => {
  it.each([
    { name: 'a new one', of: entry('created', subtask()), lists: [], deltas: [delta(1, 0)] },
    { name: 'one that came back', of: entry('restored', done), lists: [], deltas: [delta(1, 1)] },
    {
      name: 'a completed one',
      of: entry('completed', done),
      lists: [[subtask()]],
      deltas: [delta(0, 1)],
    },
    {
      name: 'one in the trash',
      of: entry('trashed', done),
      lists: [[subtask()]],
      deltas: [delta(-1, 0)],
    },
    {
      name: 'one that is gone',
      of: entry('removed', null),
      lists: [[subtask()]],
      deltas: [delta(-1, 0)],
    },
    {
      name: 'one with another parent',
      of: entry('moved', subtask({ parentId: 'q', version: 2 })),
      lists: [[subtask()]],
      deltas: [delta(-1, 0), ['q', { total: 1, completed: 0 }]],
    },
    { name: 'one that was read since', of: entry('completed', done), lists: [[done]], deltas: [] },
  ])('follow from $name', ({ of, lists, deltas }) => {
    expect(numbersOf(of, ...lists)).toEqual({ deltas, unclear: [] });
  });

  it('are unclear after a change of one that was never read, or not everywhere', () => {
    expect(numbersOf(entry('completed', done))).toEqual({ deltas: [], unclear: ['s', 'p'] });
    const lists = [[subtask()], [done]];
    expect(numbersOf(entry('completed', done), ...lists)).toEqual({ deltas: [], unclear: ['p'] });
  });
});
