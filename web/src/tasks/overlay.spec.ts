import { describe, expect, it } from '@jest/globals';
import { type Change, enqueue, type Queue } from './change';
import { overlay, withoutTwins } from './overlay';
import { fail, markSent } from './queue';
import { EMPTY_FIELDS, type Task } from './task';
import { sampleTask } from './sample-task';

const today = { day: '2026-11-27', timeZone: 'UTC' };
const all = { view: 'all' as const, search: {}, today };
const trash = { ...all, view: 'trash' as const };
const task = (id: string, fields: Partial<Task> = {}) =>
  sampleTask({ id, title: id, createdAt: `2026-11-20T10:00:0${id}.000Z`, ...fields });
const queueOf = (...changes: Change[]) =>
  changes.reduce<Queue>((queue, change) => enqueue(queue, change), []);
const ids = (tasks: readonly Task[]) => tasks.map(({ id }) => id);
const listed = [task('3'), task('2'), task('1')];

describe('overlay', () => {
  it('is the list while nothing waits', () => {
    expect(overlay(listed, [], all)).toEqual(listed);
  });

  it('shows a new task where the sort has it', () => {
    const fields = { ...EMPTY_FIELDS, title: 'new' };
    const change: Change = {
      kind: 'create',
      id: 'local:1',
      fields,
      at: '2026-11-27T00:00:00.000Z',
    };
    expect(ids(overlay(listed, queueOf(change), all))).toEqual(['local:1', '3', '2', '1']);
    expect(ids(overlay(listed, queueOf(change), { ...all, view: 'today' }))).not.toContain(
      'local:1',
    );
  });

  it('keeps a task in its place that does not fit any more', () => {
    const [base = task('0')] = listed;
    const change: Change = { kind: 'update', id: '3', base, patch: { completed: true } };
    const shown = overlay(listed, queueOf(change), all);
    expect(ids(shown)).toEqual(['3', '2', '1']);
    expect(shown[0]).toMatchObject({ completed: true, isWaiting: true });
  });

  it('shows a task that fits only now', () => {
    const change: Change = {
      kind: 'update',
      id: '9',
      base: task('9'),
      patch: { due: '2026-11-27' },
    };
    expect(ids(overlay([], queueOf(change), { ...all, view: 'today' }))).toEqual(['9']);
  });

  it('moves tasks to the trash and back', () => {
    const base = task('2');
    const deleted = queueOf({ kind: 'delete', id: '2', base, isPermanent: false });
    expect(ids(overlay(listed, deleted, all))).toEqual(['3', '1']);
    expect(ids(overlay([], deleted, trash))).toEqual(['2']);
    const restored = queueOf({ kind: 'restore', id: '2', base });
    expect(ids(overlay([base], restored, trash))).toEqual([]);
    expect(ids(overlay([], restored, all))).toEqual(['2']);
    const gone = queueOf({ kind: 'delete', id: '2', base, isPermanent: true });
    expect(ids(overlay([base], gone, trash))).toEqual([]);
  });
});

describe('a task that a change has made without a response', () => {
  const at = '2026-11-20T10:00:00.000Z';
  const create: Change = {
    kind: 'create',
    id: 'local:1',
    fields: { ...EMPTY_FIELDS, title: ' Milk' },
    at,
  };
  const queue = queueOf(create);
  const sent = markSent(queue, queue, Date.parse(at));
  const milk = sampleTask({ id: '1', title: 'Milk', createdAt: '2026-11-20T09:59:00.000Z' });
  const shown = (waiting: Queue, fields: Partial<Task> = {}, isMadeHere = false) =>
    withoutTwins([{ ...milk, ...fields }], waiting, () => isMadeHere).length === 1;

  it('is left out, and no other is', () => {
    expect(shown(sent)).toBe(false);
    expect(shown(sent, { title: 'Bread' })).toBe(true);
    expect(shown(sent, { version: 2 })).toBe(true);
    expect(shown(sent, { createdAt: '2026-11-20T08:00:00.000Z' })).toBe(true);
    expect(shown(sent, {}, true)).toBe(true);
  });

  it('is shown when the change was not sent, or was refused', () => {
    expect(shown(queue)).toBe(true);
    const [first] = sent;
    expect(shown(first ? fail(sent, first, { kind: 'uncertain' }) : [])).toBe(true);
  });
});
