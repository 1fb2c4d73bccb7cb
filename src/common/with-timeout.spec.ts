import { stat } from 'node:fs/promises';
import { describe, expect, it, jest } from '@jest/globals';
import { within } from './with-timeout.js';

/** Milliseconds. */
const PATIENCE = 20;

function beBusy(milliseconds: number): void {
  const end = performance.now() + milliseconds;
  while (performance.now() < end);
}

describe('what is to be done within a time', () => {
  it('is in time when its answer came while the process was busy', async () => {
    const cut = jest.fn();
    const done = within(PATIENCE, cut, stat(import.meta.filename));
    beBusy(10 * PATIENCE);
    expect((await done).isFile()).toBe(true);
    expect(cut).not.toHaveBeenCalled();
  });

  it('is cut, and fails by that, when no answer comes', async () => {
    const work = Promise.withResolvers<never>();
    const failed = within(PATIENCE, () => work.reject(new Error('cut')), work.promise);
    await expect(failed).rejects.toThrow('cut');
  });

  it('fails as its work does, and is not cut then', async () => {
    const cut = jest.fn();
    const failed = within(PATIENCE, cut, Promise.reject(new Error('refused')));
    await expect(failed).rejects.toThrow('refused');
    await new Promise((resolve) => setTimeout(resolve, 2 * PATIENCE));
    expect(cut).not.toHaveBeenCalled();
  });
});
