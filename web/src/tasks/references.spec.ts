import { describe, expect, it } from '@jest/globals';
import { type Change, enqueue, type Queue } from './change';
import { discard, fail, nextToSend, settle } from './queue';
import { sampleTask } from './sample-task';
import { EMPTY_FIELDS } from './task';

const create = (id: string, parentId?: string): Change => ({
  kind: 'create',
  id,
  fields: { ...EMPTY_FIELDS, title: id },
  at: '2026-11-28T00:00:00.000Z',
  ...(parentId && { parentId }),
});
const local = (id: string) => sampleTask({ id, version: 0 });
const move = (id: string, parentId: string | null, after?: string): Change => ({
  kind: 'move',
  id,
  base: sampleTask({ id }),
  to: { parentId, ...(after && { after }) },
});
const queueOf = (...changes: Change[]) =>
  changes.reduce<Queue>((queue, change) => enqueue(queue, change), []);
const changes = (queue: Queue) => queue.map(({ change }) => change);

const tree = () =>
  queueOf(create('local:p'), create('local:c', 'local:p'), move('x', 'local:p', 'local:c'));

describe('changes that name a task that was made here', () => {
  it('name it by its id once the server has made it', () => {
    const queue = tree();
    const [entry] = queue;
    if (!entry) throw new Error('The queue is empty');
    const settled = settle(queue, [{ entry, task: sampleTask({ id: 'p' }) }]);
    expect(changes(settled)).toEqual([create('local:c', 'p'), move('x', 'p', 'local:c')]);
  });

  it('wait while it waits for the person', () => {
    const queue = tree();
    const [entry] = queue;
    if (!entry) throw new Error('The queue is empty');
    expect(nextToSend(fail(queue, entry, { kind: 'uncertain' }))).toEqual([]);
  });

  it('do without it when it is given up', () => {
    const queue = tree();
    const [entry] = queue;
    if (!entry) throw new Error('The queue is empty');
    expect(changes(discard(queue, entry))).toEqual([create('local:c')]);
  });

  it('go with it when it is deleted before it was sent', () => {
    const deletion = { kind: 'delete', id: 'local:p', base: local('local:p') } as const;
    expect(enqueue(tree(), { ...deletion, isPermanent: false })).toEqual([]);
  });
});

describe('moves of one task', () => {
  it('are one while nothing comes between them', () => {
    const queue = queueOf(move('x', null, 'a'), move('x', null, 'b'));
    expect(changes(queue)).toEqual([move('x', null, 'b')]);
  });

  it('stay apart when another move may lean on the first', () => {
    const queue = queueOf(move('x', null, 'a'), move('y', null, 'x'), move('x', null, 'b'));
    expect(queue).toHaveLength(3);
  });
});
