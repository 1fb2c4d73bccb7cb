import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Backoff } from '../../clients/typescript/src/backoff.js';
import { ProblemError } from '../../clients/typescript/src/errors.js';

/** Delays vary by a quarter. */
const JITTER = 0.25;

let backoff: Backoff;
let stop: AbortController;

beforeEach(() => {
  jest.useFakeTimers();
  stop = new AbortController();
  backoff = new Backoff(stop.signal);
});
afterEach(() => {
  jest.useRealTimers();
});

/** Milliseconds that a wait takes. */
async function durationOf(wait: () => Promise<void>): Promise<number> {
  const start = Date.now();
  const waiting = wait();
  await jest.runAllTimersAsync();
  await waiting;
  return Date.now() - start;
}

const unavailable = (retryAfter: string) =>
  new ProblemError(new Response(null, { status: 503, headers: { 'retry-after': retryAfter } }), {});

describe('the backoff of the TypeScript client', () => {
  it('grows with each failure up to 30 s, varies, and begins anew after a success', async () => {
    const delays = [];
    for (let n = 0; n < 7; n++) delays.push(await durationOf(() => backoff.wait()));
    for (const [n, expected] of [300, 900, 2_700, 8_100, 24_300, 30_000, 30_000].entries()) {
      expect(delays[n]).toBeGreaterThanOrEqual(Math.floor(expected * (1 - JITTER)));
      expect(delays[n]).toBeLessThanOrEqual(Math.ceil(expected * (1 + JITTER)));
    }
    expect(delays[5]).not.toBe(delays[6]);
    backoff.reset();
    expect(await durationOf(() => backoff.wait())).toBeLessThanOrEqual(300 * (1 + JITTER));
  });

  it('comes back after an announced end when the server asks, but not time and again', async () => {
    expect(await durationOf(() => backoff.waitAgain())).toBe(0);
    expect(await durationOf(() => backoff.waitAgain())).toBeGreaterThan(0);
    backoff.reset();
    expect(await durationOf(() => backoff.waitAgain(1_500))).toBe(1_500);
    backoff.reset();
    expect(await durationOf(() => backoff.waitAgain(1_000_000_000))).toBe(10_000);
  });

  it('waits as long as Retry-After asks, within bounds', async () => {
    expect(await durationOf(() => backoff.wait(unavailable('20')))).toBe(20_000);
    expect(await durationOf(() => backoff.wait(unavailable('1000000000')))).toBe(300_000);
  });

  it('ends with the reason of its signal', async () => {
    const waiting = backoff.wait();
    stop.abort(new Error('left the page'));
    await expect(waiting).rejects.toThrow('left the page');
  });
});
