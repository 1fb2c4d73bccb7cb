import { describe, expect, it } from '@jest/globals';
import type { Change } from './change';
import { KnownTasks } from './known-tasks';
import { sampleTask } from './sample-task';
import type { Task } from './task';

const before = sampleTask();
const after = sampleTask({ title: 'Oat milk', version: 2 });
const change: Change = { kind: 'update', id: before.id, base: before, patch: {} };

/** Keeps the response to a change, as the page does that sent it. */
function keep(known: KnownTasks, task: Task): void {
  known.adopt({ entry: { seq: 1, key: 'k', change }, task });
  known.see(task.id, task.version);
}

describe('the tasks that were changed here', () => {
  it('are as the latest response has them, also if the change log told of it first', () => {
    const known = new KnownTasks();
    keep(known, before);
    known.see(after.id, after.version);
    keep(known, after);
    expect(known.changedHere()).toEqual([after]);
  });

  it('leave out one that was changed or deleted elsewhere since', () => {
    const known = new KnownTasks();
    keep(known, after);
    known.see(after.id, 3);
    expect(known.changedHere()).toEqual([]);
  });
});
