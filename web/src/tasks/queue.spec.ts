import { describe, expect, it } from '@jest/globals';
import { type Change, enqueue, enqueueAll, type Queue } from './change';
import {
  discard,
  fail,
  markSent,
  nextToSend,
  overwrite,
  retry,
  settle,
  split,
  suspend,
} from './queue';
import { EMPTY_FIELDS, type Task, type TaskFields } from './task';
import { sampleTask } from './sample-task';

const at = '2026-11-20T10:00:00.000Z';
const task = (fields: Partial<Task> = {}) => sampleTask({ version: 3, ...fields });
const create = (title: string, id = 'local:1'): Change => ({
  kind: 'create',
  id,
  fields: { ...EMPTY_FIELDS, title },
  at,
});
const update = (patch: Partial<TaskFields>, base = task()): Change => ({
  kind: 'update',
  id: base.id,
  base,
  patch,
});
const remove = (base = task()): Change => ({
  kind: 'delete',
  id: base.id,
  base,
  isPermanent: false,
});
const restore = (base = task()): Change => ({ kind: 'restore', id: base.id, base });

const queueOf = (...changes: Change[]) =>
  changes.reduce<Queue>((queue, change) => enqueue(queue, change), []);
const first = (queue: Queue) => {
  const [entry] = queue;
  if (entry === undefined) throw new Error('The queue is empty');
  return entry;
};
const NOW = Date.parse(at);
const sent = (queue: Queue) => markSent(queue, nextToSend(queue), NOW);
const refusal = { kind: 'refused', status: 422, code: 'x', detail: 'x', errors: [] } as const;
const changes = (queue: Queue) => queue.map(({ change }) => change);

describe('enqueue', () => {
  it('merges edits into a create that has not been sent', () => {
    const local = task({ id: 'local:1', version: 0 });
    const queue = queueOf(create('Milk'), update({ title: 'Oat milk', tags: ['home'] }, local));
    expect(changes(queue)).toEqual([
      { ...create('x'), fields: { ...EMPTY_FIELDS, title: 'Oat milk', tags: ['home'] } },
    ]);
  });

  it('leaves a create alone that may have arrived, and keeps its key', () => {
    const before = sent(queueOf(create('Milk')));
    const local = task({ id: 'local:1', version: 0 });
    const queue = enqueue(before, update({ title: 'Oat milk' }, local));
    expect(queue).toHaveLength(2);
    expect(queue[0]).toEqual(before[0]);
  });

  it('merges edits, and forgets one that was taken back', () => {
    const queue = queueOf(update({ title: 'A' }), update({ priority: 'high' }));
    expect(changes(queue)).toEqual([update({ title: 'A', priority: 'high' })]);
    expect(queue[0]?.version).toBe(3);
    expect(enqueue(queue, update({ title: 'Milk', priority: 'none' }))).toEqual([]);
  });

  it('does not merge into an edit that is on its way', () => {
    const queue = enqueue(sent(queueOf(update({ title: 'A' }))), update({ title: 'B' }));
    expect(queue.map(({ sentAt }) => sentAt)).toEqual([NOW, undefined]);
  });

  it('forgets a create that is deleted before it was sent, and a delete that is undone', () => {
    const local = task({ id: 'local:1', version: 0 });
    expect(queueOf(create('Milk'), remove(local))).toEqual([]);
    expect(queueOf(remove(), restore())).toEqual([]);
  });

  it('keeps a delete behind the edits before it, so that an undo brings them back', () => {
    expect(changes(queueOf(update({ title: 'A' }), remove()))).toEqual([
      update({ title: 'A' }),
      remove(),
    ]);
  });

  it('sends a refused create anew, with a new key, once it is mended', () => {
    const before = sent(queueOf(create('x'.repeat(300))));
    const refused = fail(before, first(before), refusal);
    const queue = enqueue(refused, update({ title: 'x' }, task({ id: 'local:1', version: 0 })));
    expect(queue).toHaveLength(1);
    expect(first(queue)).toMatchObject({ sentAt: undefined, failure: undefined });
    expect(first(queue).key).not.toBe(first(before).key);
  });

  it('keeps every date that is skipped, and what follows', () => {
    const skip: Change = { kind: 'skip', id: task().id, base: task() };
    const due = update({ due: '2027-01-01' });
    expect(changes(queueOf(skip, skip, due))).toEqual([skip, skip, due]);
  });

  it('keeps the choice between versions open when the task is edited again', () => {
    const before = sent(queueOf(update({ title: 'A' })));
    const failure = { kind: 'conflict', current: task({ title: 'B', version: 4 }) } as const;
    const queue = enqueue(fail(before, first(before), failure), update({ title: 'C' }));
    expect(queue).toHaveLength(1);
    expect(first(queue)).toMatchObject({ failure, change: { patch: { title: 'C' } } });
    expect(nextToSend(queue)).toEqual([]);
  });
});

describe('suspend', () => {
  const hours = (count: number) => NOW + count * 60 * 60 * 1000;

  it('leaves a create to the person whose key the server may have forgotten', () => {
    const queue = suspend(sent(queueOf(create('Milk'))), hours(24));
    expect(first(queue).failure).toEqual({ kind: 'uncertain' });
    expect(nextToSend(queue)).toEqual([]);
    const decided = retry(queue, first(queue));
    expect(suspend(decided, hours(48))).toEqual(decided);
    expect(nextToSend(decided)).toEqual(decided);
    expect(first(decided).key).not.toBe(first(queue).key);
  });

  it('counts from the first attempt', () => {
    const before = sent(queueOf(create('Milk')));
    const again = markSent(before, before, hours(20));
    expect(first(suspend(again, hours(24))).failure).toEqual({ kind: 'uncertain' });
  });

  it('keeps the decision open when the task is edited meanwhile', () => {
    const before = suspend(sent(queueOf(create('Milk'))), hours(24));
    const local = task({ id: 'local:1', version: 0 });
    const queue = enqueue(before, update({ title: 'Oat milk' }, local));
    expect(queue).toHaveLength(1);
    expect(first(queue)).toMatchObject({
      change: { fields: { title: 'Oat milk' } },
      failure: { kind: 'uncertain' },
    });
  });

  it.each([
    { name: 'was never sent', queue: queueOf(create('Milk')), now: hours(100) },
    { name: 'was tried lately', queue: sent(queueOf(create('Milk'))), now: hours(22) },
    { name: 'is no create', queue: sent(queueOf(update({ title: 'A' }))), now: hours(100) },
  ])('changes nothing of what $name', ({ queue, now }) => {
    expect(suspend(queue, now)).toEqual(queue);
  });
});

describe('nextToSend', () => {
  it('keeps the order', () => {
    const queue = queueOf(create('1', 'local:1'), create('2', 'local:2'));
    expect(changes(nextToSend(queue))).toEqual([create('1', 'local:1')]);
  });

  it('passes by what waits for the person, and the later changes of that task', () => {
    const failed = fail(sent(queueOf(update({ title: 'A' }))), first(queueOf(remove())), refusal);
    const queue = [...failed, ...queueOf(create('2')).map((entry) => ({ ...entry, seq: 9 }))];
    expect(changes(nextToSend(queue))).toEqual([create('2')]);
  });

  it('sends a bulk action by hundreds, each under one key', () => {
    const all = Array.from({ length: 250 }, (_, i) =>
      update({ completed: true }, task({ id: `t${i}` })),
    );
    let queue = enqueueAll([], all, 'group');
    const sizes: number[] = [];
    const keys = new Set<string>();
    while (queue.length > 0) {
      queue = sent(queue);
      const batch = nextToSend(queue);
      sizes.push(batch.length);
      for (const { key } of batch) keys.add(key);
      queue = settle(
        queue,
        batch.map((entry) => ({ entry })),
      );
    }
    expect(sizes).toEqual([100, 100, 50]);
    expect(keys.size).toBe(3);
  });

  it('repeats a batch as it was sent', () => {
    const all = [1, 2, 3].map((i) => remove(task({ id: `t${i}` })));
    const queue = sent(enqueueAll([], all, 'group'));
    const later = enqueueAll(queue, [remove(task({ id: 't4' }))], 'group');
    expect(changes(nextToSend(later))).toEqual(all);
  });

  it('sends a refused batch one by one, under new keys', () => {
    const queue = sent(
      enqueueAll(
        [],
        [1, 2].map((i) => remove(task({ id: `t${i}` }))),
        'group',
      ),
    );
    const alone = split(queue, nextToSend(queue));
    expect(nextToSend(alone)).toHaveLength(1);
    expect(new Set([...queue, ...alone].map(({ key }) => key)).size).toBe(3);
  });

  it('puts a task into a batch only behind its own earlier changes', () => {
    const before = sent(queueOf(update({ title: 'A' }, task({ id: 't1' }))));
    const all = [1, 2].map((i) => remove(task({ id: `t${i}` })));
    const queue = enqueueAll(before, all, 'group');
    expect(changes(nextToSend(queue))).toEqual([update({ title: 'A' }, task({ id: 't1' }))]);
    const done = settle(queue, [{ entry: first(queue), task: task({ id: 't1', version: 4 }) }]);
    expect(nextToSend(done).map(({ version }) => version)).toEqual([4, 3]);
  });
});

describe('settle', () => {
  it('gives later changes the id and version that the server made', () => {
    const local = task({ id: 'local:1', version: 0 });
    const queue = enqueue(sent(queueOf(create('Milk'))), update({ title: 'Oat milk' }, local));
    const made = task({ id: 'made', version: 1 });
    const [next] = settle(queue, [{ entry: first(queue), task: made }]);
    expect(next).toMatchObject({ version: 1, change: { id: 'made', base: made } });
  });

  it('asks for no version of what was just deleted', () => {
    const queue = enqueue(sent(queueOf(remove())), restore());
    const [next] = settle(queue, [{ entry: first(queue) }]);
    expect(next).toMatchObject({ version: undefined, change: { kind: 'restore' } });
  });
});

describe('what waits for the person', () => {
  const before = sent(queueOf(update({ title: 'A' })));
  const theirs = task({ title: 'B', version: 7 });
  const conflicted = fail(before, first(before), { kind: 'conflict', current: theirs });

  it('is sent over the other version', () => {
    const [entry] = nextToSend(overwrite(conflicted, first(conflicted), theirs));
    expect(entry).toMatchObject({ version: 7, change: { base: theirs, patch: { title: 'A' } } });
  });

  it('is given up with all that was to follow', () => {
    const queue = enqueue(conflicted, create('other'));
    expect(changes(discard(queue, first(queue)))).toEqual([create('other')]);
  });

  it('is tried again under a new key, and over any version', () => {
    const [entry] = nextToSend(retry(conflicted, first(conflicted)));
    expect(entry?.key).not.toBe(first(before).key);
    expect(entry?.version).toBeUndefined();
  });
});
