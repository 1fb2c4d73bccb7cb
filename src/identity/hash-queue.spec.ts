import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { registry } from '../metrics/registry.js';
import { HashQueue, runForNetwork } from './hash-queue.js';

/** Returns how many hashes were refused, by the metric. */
async function countRefusals(): Promise<number> {
  const counts = await registry.getSingleMetric('taskward_refused_total')?.get();
  const count = counts?.values.find(({ labels }) => labels['limit'] === 'password_hashes');
  return count?.value ?? NaN;
}

/** Creates work that ends on request. */
function createManualWork() {
  const ends: (() => void)[] = [];
  const started: string[] = [];
  const work = (name: string) => () => {
    started.push(name);
    return new Promise<string>((resolve) => {
      ends.push(() => {
        resolve(name);
      });
    });
  };
  const endNext = async () => {
    ends.shift()?.();
    await jest.advanceTimersByTimeAsync(0);
  };
  return { started, work, endNext };
}

beforeEach(() => {
  jest.useFakeTimers();
});
afterEach(() => {
  jest.useRealTimers();
});

describe('HashQueue', () => {
  it('takes from each network in turn, however many hashes one of them queues', async () => {
    const queue = new HashQueue(1);
    const { started, work, endNext } = createManualWork();
    const add = (address: string, name: string) =>
      runForNetwork(address, () => queue.run(work(name)));
    const all = [add('a', 'a1'), add('a', 'a2'), add('a', 'a3'), add('b', 'b1'), add('c', 'c1')];
    for (const _ of all) await endNext();
    expect(await Promise.all(all)).toEqual(['a1', 'a2', 'a3', 'b1', 'c1']);
    expect(started).toEqual(['a1', 'a2', 'b1', 'c1', 'a3']);
  });

  it('runs no more than its limit at once, and as many again after some have ended', async () => {
    const queue = new HashQueue(2);
    const { started, work, endNext } = createManualWork();
    const all = [1, 2, 3].map((n) => queue.run(work(String(n))));
    expect(started).toEqual(['1', '2']);
    await endNext();
    expect(started).toEqual(['1', '2', '3']);
    await endNext();
    await endNext();
    await Promise.all(all);
    const failing = queue.run(() => Promise.reject(new Error('planted')));
    await expect(failing).rejects.toThrow('planted');
    void [4, 5, 6].map((n) => queue.run(work(String(n))));
    expect(started).toEqual(['1', '2', '3', '4', '5']);
  });

  it('rejects a hash that has waited for five seconds, and removes it', async () => {
    const queue = new HashQueue(1);
    const { started, work, endNext } = createManualWork();
    void queue.run(work('first'));
    const second = queue.run(work('second')).catch((error: unknown) => error);
    await jest.advanceTimersByTimeAsync(5_000);
    expect(await second).toMatchObject({ code: 'server_busy', headers: { 'retry-after': '5' } });
    const third = queue.run(work('third'));
    await endNext();
    expect(started).toEqual(['first', 'third']);
    await endNext();
    expect(await third).toBe('third');
  });

  describe('with a hundred waiting hashes', () => {
    /** Fills a queue from one network. */
    function createFullQueue() {
      const queue = new HashQueue(1);
      const { started, work, endNext } = createManualWork();
      const add = (network: string, name: string) =>
        runForNetwork(network, () => queue.run(work(name)));
      void add('a', 'running');
      const waiting = Array.from({ length: 100 }, (_, i) => add('a', `a${String(i)}`));
      for (const one of waiting) one.catch(() => undefined);
      return { add, waiting, started, endNext };
    }

    it('rejects one more hash of that network at once', async () => {
      const { add } = createFullQueue();
      const before = await countRefusals();
      await expect(add('a', 'more')).rejects.toMatchObject({ code: 'server_busy' });
      await expect(countRefusals()).resolves.toBe(before + 1);
    });

    it('evicts the last hash of that network in favour of another network', async () => {
      const { add, waiting, started, endNext } = createFullQueue();
      const other = add('b', 'b');
      await expect(waiting.at(-1)).rejects.toMatchObject({ code: 'server_busy' });
      for (let i = 0; i < 3; i += 1) await endNext();
      expect(started).toEqual(['running', 'a0', 'b', 'a1']);
      expect(await other).toBe('b');
    });
  });
});
