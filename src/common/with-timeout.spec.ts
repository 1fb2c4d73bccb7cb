import { stat } from 'node:fs/promises';
import { describe, expect, it, jest } from '@jest/globals';
import { withTimeout } from './with-timeout.js';

const TIMEOUT_MS = 20;

function block(ms: number): void {
  const end = performance.now() + ms;
  while (performance.now() < end);
}

describe('withTimeout', () => {
  it('accepts a result that arrived while the process was busy', async () => {
    const abort = jest.fn();
    const result = withTimeout(stat(import.meta.filename), TIMEOUT_MS, abort);
    block(10 * TIMEOUT_MS);
    expect((await result).isFile()).toBe(true);
    expect(abort).not.toHaveBeenCalled();
  });

  it('aborts the work, and fails with its error, when no result arrives', async () => {
    const work = Promise.withResolvers<never>();
    const result = withTimeout(work.promise, TIMEOUT_MS, () => work.reject(new Error('aborted')));
    await expect(result).rejects.toThrow('aborted');
  });

  it('rejects with the error of the work, without aborting it', async () => {
    const abort = jest.fn();
    const result = withTimeout(Promise.reject(new Error('refused')), TIMEOUT_MS, abort);
    await expect(result).rejects.toThrow('refused');
    await new Promise((resolve) => setTimeout(resolve, 2 * TIMEOUT_MS));
    expect(abort).not.toHaveBeenCalled();
  });
});
