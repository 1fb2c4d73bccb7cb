import { describe, expect, it } from '@jest/globals';
import { QueryObserver } from '@tanstack/react-query';
import { SessionQueries } from './session-queries';

const queryKey = ['feeds', 'ada'];

/** A query on the page; `respond` waits for a read to begin, and answers it. */
function open() {
  const queries = new SessionQueries();
  const begun: PromiseWithResolvers<PromiseWithResolvers<string>>[] = [];
  const readAt = (index: number) => (begun[index] ??= Promise.withResolvers());
  let reads = 0;
  const queryFn = () => {
    const read = Promise.withResolvers<string>();
    readAt(reads++).resolve(read);
    return read.promise;
  };
  new QueryObserver(queries, { queryKey, queryFn }).subscribe(() => undefined);
  const respond = async (index: number, response: string | Error) => {
    const { resolve, reject } = await readAt(index).promise;
    if (typeof response === 'string') resolve(response);
    else reject(response);
  };
  const settled = () => queries.getQueryCache().find({ queryKey })?.promise;
  const shown = () => queries.getQueryData<string>(queryKey);
  return { queries, respond, settled, shown, count: () => reads };
}

describe('a query that is invalidated', () => {
  it('during its first read is read once more, however often it was', async () => {
    const { queries, respond, settled, shown, count } = open();
    const invalidated = [1, 2, 3].map(() => queries.invalidateQueries({ queryKey: ['feeds'] }));
    await respond(0, 'before');
    await settled();
    expect(shown()).toBe('before');
    await respond(1, 'after');
    await Promise.all(invalidated);
    expect(shown()).toBe('after');
    expect(count()).toBe(2);
  });

  it('during a first read that fails is read once more', async () => {
    const { queries, respond, shown } = open();
    const invalidated = queries.invalidateQueries({ queryKey });
    await respond(0, new Error('503'));
    await respond(1, 'after');
    await invalidated;
    expect(shown()).toBe('after');
  });

  it('during a later read shows no response to that read', async () => {
    const { queries, respond, settled, shown, count } = open();
    await respond(0, 'first');
    await settled();
    void queries.invalidateQueries({ queryKey });
    const invalidated = queries.invalidateQueries({ queryKey });
    await respond(1, 'before');
    await respond(2, 'after');
    await invalidated;
    expect(shown()).toBe('after');
    expect(count()).toBe(3);
  });

  it('during no read is read once', async () => {
    const { queries, respond, settled, shown, count } = open();
    await respond(0, 'before');
    await settled();
    const invalidated = queries.invalidateQueries({ queryKey });
    await respond(1, 'after');
    await invalidated;
    expect(shown()).toBe('after');
    expect(count()).toBe(2);
  });
});
