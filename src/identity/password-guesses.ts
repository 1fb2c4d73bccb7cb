import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable, Optional } from '@nestjs/common';
import { logAuthEvent } from '../issuer/index.js';
import { countRateLimited } from '../metrics/index.js';
import { Problem } from '../problems/index.js';
import { RateLimits } from '../rate-limit/index.js';
import { addressKey } from './address-key.js';
import { errorCodeOf, type callerOf } from './auth-events.js';

/** Failed attempts per account and hour, after which no password is checked any more. */
const LIMIT = { max: 50, window: 3_600 };
/** The first attempt that is delayed, and the shortest and longest delay. */
const FIRST_DELAYED_ATTEMPT = 5;
const FIRST_DELAY_MS = 500;
const MAX_DELAY_MS = 8_000;
/** Maximum number of delayed attempts, of all accounts together. */
const MAX_WAITING = 100;

/** Better Auth's codes for a wrong password or an unknown address. */
const WRONG_PASSWORD_CODES: ReadonlySet<string> = new Set([
  'INVALID_EMAIL_OR_PASSWORD',
  'INVALID_PASSWORD',
  // Reported to callers as a wrong password, so its timing must be the same.
  'EMAIL_NOT_VERIFIED',
]);

/** Routes that check the password of an account. */
export const PASSWORD_ROUTES: ReadonlySet<string> = new Set([
  '/sign-in/email',
  '/change-password',
  '/delete-user',
]);

async function verdictOf(response: Response): Promise<'right' | 'wrong' | 'none'> {
  if (response.ok) return 'right';
  return WRONG_PASSWORD_CODES.has((await errorCodeOf(response)) ?? '') ? 'wrong' : 'none';
}

/** Returns the key of an account's counter. Unknown addresses are counted like any other. */
const keyOf = (email: string) => addressKey('guess', email);

function tooManyAttempts(seconds: number): Problem {
  countRateLimited('password_guesses');
  return new Problem('rate_limited', 'There were too many wrong passwords for this account.', {
    headers: { 'retry-after': String(seconds) },
  });
}

/** Doubles with each failed attempt. */
const delayOf = (attempts: number) =>
  attempts < FIRST_DELAYED_ATTEMPT
    ? 0
    : Math.min(FIRST_DELAY_MS * 2 ** (attempts - FIRST_DELAYED_ATTEMPT), MAX_DELAY_MS);

/**
 * Slows down guessing of an account's password, from however many addresses. An attempt is counted
 * before it is made, so that parallel attempts gain nothing. A correct password and a reset clear
 * the count (NIST SP 800-63B, section 3.2.2).
 */
@Injectable()
export class PasswordGuesses {
  #waiting = 0;

  /** @param limits counters shared by all instances; without them nothing is limited. */
  constructor(@Optional() private readonly limits?: RateLimits) {}

  /**
   * Makes an attempt once the account may have another. An attempt that ends without a verdict on
   * the password does not count.
   *
   * @throws Problem `rate_limited`
   */
  async attempt(
    email: string,
    caller: ReturnType<typeof callerOf>,
    run: () => Promise<Response>,
  ): Promise<Response> {
    const { limits } = this;
    if (limits === undefined) return run();
    const key = keyOf(email);
    const { count, retryAfter } = await limits.count(key, LIMIT);
    if (count > LIMIT.max) {
      // Logged once per hour: a flood of guesses must not flood the log.
      if (count === LIMIT.max + 1) logAuthEvent('rate_limited', { kind: 'account', ...caller });
      throw tooManyAttempts(retryAfter);
    }
    let verdict: 'right' | 'wrong' | 'none' = 'none';
    try {
      await this.#wait(delayOf(count));
      const response = await run();
      verdict = await verdictOf(response);
      return response;
    } finally {
      if (verdict === 'right') await limits.clear(key, LIMIT);
      if (verdict === 'none') await limits.refund(key, LIMIT);
    }
  }

  /** Clears the failures of an account whose password was reset. */
  async clear(email: string): Promise<void> {
    await this.limits?.clear(keyOf(email), LIMIT);
  }

  async #wait(ms: number): Promise<void> {
    if (ms === 0) return;
    if (this.#waiting === MAX_WAITING) throw tooManyAttempts(Math.ceil(ms / 1_000));
    this.#waiting += 1;
    try {
      await sleep(ms);
    } finally {
      this.#waiting -= 1;
    }
  }
}
