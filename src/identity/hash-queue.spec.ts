import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { asClient, HashQueue } from './hash-queue.js';

/** Work that ends when it is told to. */
function held() {
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

describe('the queue of hashes', () => {
  it('takes one network after the other, whatever one of them has waiting', async () => {
    const queue = new HashQueue(1);
    const { started, work, endNext } = held();
    const add = (address: string, name: string) => asClient(address, () => queue.run(work(name)));
    const all = [add('a', 'a1'), add('a', 'a2'), add('a', 'a3'), add('b', 'b1'), add('c', 'c1')];
    for (const _ of all) await endNext();
    expect(await Promise.all(all)).toEqual(['a1', 'a2', 'a3', 'b1', 'c1']);
    expect(started).toEqual(['a1', 'a2', 'b1', 'c1', 'a3']);
  });

  it('runs no more at once than it may, and as many when they have ended', async () => {
    const queue = new HashQueue(2);
    const { started, work, endNext } = held();
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

  it('refuses what has waited for five seconds, and forgets it', async () => {
    const queue = new HashQueue(1);
    const { started, work, endNext } = held();
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

  describe('in which a hundred wait', () => {
    /** Fills a queue from one network. */
    function full() {
      const queue = new HashQueue(1);
      const { started, work, endNext } = held();
      const add = (network: string, name: string) => asClient(network, () => queue.run(work(name)));
      void add('a', 'running');
      const waiting = Array.from({ length: 100 }, (_, i) => add('a', `a${String(i)}`));
      for (const one of waiting) one.catch(() => undefined);
      return { add, waiting, started, endNext };
    }

    it('refuses one more of that network at once', async () => {
      const { add } = full();
      await expect(add('a', 'more')).rejects.toMatchObject({ code: 'server_busy' });
    });

    it('gives the place of its last to another network', async () => {
      const { add, waiting, started, endNext } = full();
      const other = add('b', 'b');
      await expect(waiting.at(-1)).rejects.toMatchObject({ code: 'server_busy' });
      for (let i = 0; i < 3; i += 1) await endNext();
      expect(started).toEqual(['running', 'a0', 'b', 'a1']);
      expect(await other).toBe('b');
    });
  });
});
