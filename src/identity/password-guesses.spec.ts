import { describe, expect, it } from '@jest/globals';
import { Problem } from '../problems/problem.js';
import { RateLimits } from '../rate-limit/index.js';
import { addressKey } from './address-key.js';
import { PasswordGuesses } from './password-guesses.js';

const EMAIL = 'ada@example.com';
const CALLER = { address: '127.0.0.1', requestId: 'request-1' };
const LIMIT = { max: 50, window: 3_600 };

const refusal = (code: string) => () => Promise.resolve(Response.json({ code }, { status: 401 }));

/** Makes one attempt; returns the number of failures counted after it. */
async function failuresAfter(run: () => Promise<Response>): Promise<number> {
  const limits = new RateLimits();
  await new PasswordGuesses(limits).attempt(EMAIL, CALLER, run).catch(() => undefined);
  const { count } = await limits.count(addressKey('guess', EMAIL), LIMIT);
  return count - 1;
}

describe('PasswordGuesses', () => {
  it('counts an attempt that is refused for its password', async () => {
    expect(await failuresAfter(refusal('INVALID_EMAIL_OR_PASSWORD'))).toBe(1);
  });

  it.each([
    { outcome: 'succeeds', run: () => Promise.resolve(Response.json({})) },
    { outcome: 'is refused for another reason', run: refusal('INVALID_EMAIL') },
    { outcome: 'fails', run: () => Promise.reject(new Error('planted')) },
    {
      outcome: 'is not made because the server is busy',
      run: () => Promise.reject(new Problem('server_busy', '')),
    },
  ])('does not count an attempt that $outcome', async ({ run }) => {
    expect(await failuresAfter(run)).toBe(0);
  });

  it('does not credit the next window with an attempt of the previous one', async () => {
    const limits = new RateLimits();
    const key = addressKey('guess', EMAIL);
    await new PasswordGuesses(limits)
      .attempt(EMAIL, CALLER, async () => {
        await limits.clear(key, LIMIT);
        throw new Error('planted');
      })
      .catch(() => undefined);
    expect((await limits.count(key, LIMIT)).count).toBe(1);
  });
});
