import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable, Optional } from '@nestjs/common';
import { logAuthEvent } from '../issuer/index.js';
import { Problem } from '../problems/index.js';
import { RateLimits } from '../rate-limit/index.js';
import { addressKey } from './address-key.js';
import { codeOf, type sender } from './auth-events.js';

/** Failures of one account in an hour, from which on nothing is tried any more. */
const RULE = { max: 50, window: 3_600 };
/** The failure from which on an attempt has to wait, how long at first, and at most. */
const FIRST_DELAYED = 5;
const FIRST_DELAY_MS = 500;
const MAX_DELAY_MS = 8_000;
/** Attempts that wait at a time, of all accounts: more are not worth a timer each. */
const MAX_WAITING = 100;

/** Codes by which Better Auth refuses a wrong password, or an address that nobody has. */
const WRONG: ReadonlySet<string> = new Set([
  'INVALID_EMAIL_OR_PASSWORD',
  'INVALID_PASSWORD',
  // Callers are told of a wrong password, and a delay must not tell otherwise.
  'EMAIL_NOT_VERIFIED',
]);

/** Routes that check a password of an account. */
export const CHECKS_PASSWORD: ReadonlySet<string> = new Set([
  '/sign-in/email',
  '/change-password',
  '/delete-user',
]);

async function verdictOf(response: Response): Promise<'right' | 'wrong' | 'none'> {
  if (response.ok) return 'right';
  return WRONG.has((await codeOf(response)) ?? '') ? 'wrong' : 'none';
}

/** One that nobody has counts like any other. */
const keyOf = (email: string) => addressKey('guess', email);

function tooMany(seconds: number): Problem {
  return new Problem('rate_limited', 'There were too many wrong passwords for this account.', {
    headers: { 'retry-after': String(seconds) },
  });
}

/** Doubles with each failure. */
const delayOf = (attempts: number) =>
  attempts < FIRST_DELAYED
    ? 0
    : Math.min(FIRST_DELAY_MS * 2 ** (attempts - FIRST_DELAYED), MAX_DELAY_MS);

/**
 * Slows the guessing of one account's password down, from however many addresses it is tried. An attempt
 * counts before it is made, so that many at once gain nothing; a right password, and a reset, clear
 * the count. NIST SP 800-63B, section 3.2.2.
 */
@Injectable()
export class PasswordGuesses {
  #waiting = 0;

  /** @param limits counters that all instances share; without them nothing is limited. */
  constructor(@Optional() private readonly limits?: RateLimits) {}

  /**
   * Runs an attempt once its account may have one more. Whatever ends without a verdict on the password is
   * no guess.
   *
   * @throws Problem `rate_limited`
   */
  async attempt(
    email: string,
    who: ReturnType<typeof sender>,
    run: () => Promise<Response>,
  ): Promise<Response> {
    const { limits } = this;
    if (limits === undefined) return run();
    const key = keyOf(email);
    const { count, retryAfter } = await limits.count(key, RULE);
    if (count > RULE.max) {
      // Once an hour: a flood of guesses must not flood the log.
      if (count === RULE.max + 1) logAuthEvent('rate_limited', { kind: 'account', ...who });
      throw tooMany(retryAfter);
    }
    let verdict: 'right' | 'wrong' | 'none' = 'none';
    try {
      await this.#wait(delayOf(count));
      const response = await run();
      verdict = await verdictOf(response);
      return response;
    } finally {
      if (verdict === 'right') await limits.clear(key, RULE);
      if (verdict === 'none') await limits.giveBack(key, RULE);
    }
  }

  /** Forgets the failures of an account whose password was reset. */
  async clear(email: string): Promise<void> {
    await this.limits?.clear(keyOf(email), RULE);
  }

  async #wait(ms: number): Promise<void> {
    if (ms === 0) return;
    if (this.#waiting === MAX_WAITING) throw tooMany(Math.ceil(ms / 1_000));
    this.#waiting += 1;
    try {
      await sleep(ms);
    } finally {
      this.#waiting -= 1;
    }
  }
}
