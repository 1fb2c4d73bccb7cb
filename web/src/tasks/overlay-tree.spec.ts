import { describe, expect, it } from '@jest/globals';
import { type Change, enqueue, type Queue } from './change';
import { overlay } from './overlay';
import { compareByPosition } from './place';
import { sampleTask } from './sample-task';
import { EMPTY_FIELDS, type Task } from './task';

const today = { day: '2026-11-27', timeZone: 'UTC' };
const all = { view: 'all' as const, search: { sort: 'position' as const }, today };
const task = (id: string, fields: Partial<Task> = {}) =>
  sampleTask({ id, title: id, position: id, ...fields });
const parent = task('a', { subtasks: { total: 2, completed: 0 } });
const child = task('b', { parentId: 'a' });
const other = task('c', { parentId: 'a' });
const listed = [parent, child, other, task('d')];
const show = (...changes: Change[]) =>
  overlay(
    listed,
    changes.reduce<Queue>((queue, change) => enqueue(queue, change), []),
    all,
  );
const ids = (tasks: readonly Task[]) => tasks.map(({ id }) => id);
const progress = (tasks: readonly Task[], id = 'a') => tasks.find((one) => one.id === id)?.subtasks;

describe('overlay of a tree', () => {
  it('counts what was completed, added and deleted', () => {
    const completed: Change = { kind: 'update', id: 'b', base: child, patch: { completed: true } };
    expect(progress(show(completed))).toEqual({ total: 2, completed: 1 });
    const deleted: Change = { kind: 'delete', id: 'c', base: other, isPermanent: false };
    expect(progress(show(completed, deleted))).toEqual({ total: 1, completed: 1 });
    const fields = { ...EMPTY_FIELDS, title: 'new' };
    const added: Change = { kind: 'create', id: 'local:1', fields, at: 'x', parentId: 'a' };
    const shown = show(added);
    expect(progress(shown)).toEqual({ total: 3, completed: 0 });
    expect(shown.find(({ id }) => id === 'local:1')).toMatchObject({ parentId: 'a' });
  });

  it('leaves out what is below a task in the trash', () => {
    expect(ids(show({ kind: 'delete', id: 'a', base: parent, isPermanent: false }))).toEqual(['d']);
  });

  it('moves a task, and counts it where it is', () => {
    const shown = show({ kind: 'move', id: 'b', base: child, to: { parentId: null, after: 'd' } });
    const top = shown.filter(({ parentId }) => parentId === null).sort(compareByPosition);
    expect(ids(top)).toEqual(['a', 'd', 'b']);
    expect(progress(shown)).toEqual({ total: 1, completed: 0 });
  });

  it('completes a task with its subtasks', () => {
    const subtasks = [child, other];
    const shown = show({ kind: 'completeSubtasks', id: 'a', base: parent, subtasks });
    expect(shown.filter(({ completed }) => completed).map(({ id }) => id)).toEqual(['a', 'b', 'c']);
    expect(progress(shown)).toEqual({ total: 2, completed: 2 });
  });
});
