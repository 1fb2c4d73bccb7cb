import { describe, expect, it } from '@jest/globals';
import type { TaskPage } from '@taskward/client';
import { type InfiniteData, QueryClient } from '@tanstack/react-query';
import type { Change } from './change';
import type { View } from './search';
import { sampleTask } from './sample-task';
import type { Task } from './task';
import { applyDone, listKey } from './task-cache';

const owner = { user: 'ada', isClosed: false, see: () => true };
const today = { day: '2026-11-27', timeZone: 'UTC' };
const keyOf = (view: View) => listKey(owner.user, { view, search: {}, today });

/** A list that is read; `respond` ends the read that is on its way. */
function openList(view: View = 'all') {
  const client = new QueryClient();
  const queryKey = keyOf(view);
  let response = Promise.withResolvers<TaskPage>();
  const read = () => {
    response = Promise.withResolvers();
    return client.infiniteQuery({
      queryKey,
      queryFn: () => response.promise,
      initialPageParam: '',
      getNextPageParam: () => null,
    });
  };
  const respond = (data: Task[]) => response.resolve({ data, nextCursor: null });
  const list = () => client.getQueryData<InfiniteData<TaskPage>>(queryKey);
  const tasks = () => list()?.pages.flatMap(({ data }) => data);
  const state = () => client.getQueryState(queryKey);
  return { client, read, respond, tasks, state };
}

const update = (base: Task): Change => ({ kind: 'update', id: base.id, base, patch: {} });
const remove = (base: Task): Change => ({ kind: 'delete', id: base.id, base, isPermanent: false });
const doneOf = (change: Change, task?: Task) => ({ entry: { seq: 1, key: 'k', change }, task });

describe('applyDone', () => {
  const before = sampleTask();
  const after = sampleTask({ title: 'Oat milk', version: 2 });

  it('keeps an edit that was saved while the list was being read', async () => {
    const { client, read, respond, tasks } = openList();
    const first = read();
    respond([before]);
    await first;
    const second = read();
    applyDone(client, owner, [doneOf(update(before), after)]);
    expect(tasks()).toEqual([after]);
    respond([before]);
    await second;
    expect(tasks()).toEqual([after]);
  });

  it('keeps a new task that was saved while the list was read for the first time', async () => {
    const { client, read, respond, tasks } = openList();
    const reading = read();
    applyDone(client, owner, [doneOf(update(before), after)]);
    respond([]);
    await reading;
    expect(tasks()).toEqual([after]);
  });

  it('keeps out a task that was deleted while the list was being read', async () => {
    const { client, read, respond, tasks } = openList();
    const reading = read();
    applyDone(client, owner, [doneOf(remove(before))]);
    respond([before]);
    await reading;
    expect(tasks()).toEqual([]);
  });

  it('never replaces a task by an older version', async () => {
    const { client, read, respond, tasks } = openList();
    const newest = sampleTask({ title: 'Soy milk', version: 3 });
    const reading = read();
    applyDone(client, owner, [doneOf(update(before), after)]);
    respond([newest]);
    await reading;
    expect(tasks()).toEqual([newest]);
  });

  it('has the trash read again that was being read while a task was moved there', async () => {
    const { client, read, respond, state } = openList('trash');
    const reading = read();
    applyDone(client, owner, [doneOf(remove(before))]);
    respond([]);
    await reading;
    expect(state()).toMatchObject({ isInvalidated: true });
  });

  it('leaves a list alone that nothing has changed in', async () => {
    const { client, read, respond, state } = openList('trash');
    const reading = read();
    respond([]);
    await reading;
    const { dataUpdateCount } = state() ?? {};
    applyDone(client, owner, [doneOf(remove(before))]);
    expect(state()).toMatchObject({ dataUpdateCount, isInvalidated: true });
  });
});
