import { describe, expect, it } from '@jest/globals';
import { Problem } from '../problems/problem.js';
import { RateLimits } from '../rate-limit/index.js';
import { addressKey } from './address-key.js';
import { PasswordGuesses } from './password-guesses.js';

const EMAIL = 'ada@example.com';
const WHO = { address: '127.0.0.1', requestId: 'request-1' };
const RULE = { max: 50, window: 3_600 };

const refusal = (code: string) => () => Promise.resolve(Response.json({ code }, { status: 401 }));

/** Makes one attempt; returns the failures that count after it. */
async function failuresAfter(run: () => Promise<Response>): Promise<number> {
  const limits = new RateLimits();
  await new PasswordGuesses(limits).attempt(EMAIL, WHO, run).catch(() => undefined);
  const { count } = await limits.count(addressKey('guess', EMAIL), RULE);
  return count - 1;
}

describe('an attempt', () => {
  it('that is refused for its password counts', async () => {
    expect(await failuresAfter(refusal('INVALID_EMAIL_OR_PASSWORD'))).toBe(1);
  });

  it.each([
    ['that succeeds', () => Promise.resolve(Response.json({}))],
    ['that is refused for something else', refusal('INVALID_EMAIL')],
    ['that fails', () => Promise.reject(new Error('planted'))],
    [
      'that is not made, as the server is busy',
      () => Promise.reject(new Problem('server_busy', '')),
    ],
  ])('%s does not count', async (_, run) => {
    expect(await failuresAfter(run)).toBe(0);
  });

  it('whose window ended while it was made leaves nothing to the next one', async () => {
    const limits = new RateLimits();
    const key = addressKey('guess', EMAIL);
    await new PasswordGuesses(limits)
      .attempt(EMAIL, WHO, async () => {
        await limits.clear(key, RULE);
        throw new Error('planted');
      })
      .catch(() => undefined);
    expect((await limits.count(key, RULE)).count).toBe(1);
  });
});
