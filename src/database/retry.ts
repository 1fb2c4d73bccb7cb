import { setTimeout as delay } from 'node:timers/promises';
import { sqlStatesOf } from './outage.js';

/** How often a transaction is done again, and the milliseconds that the first wait is below. */
const RETRIES = 3;
const FIRST_WAIT = 20;

/** serialization_failure, deadlock_detected: nothing is wrong with what was asked, only the moment. */
const CONFLICTS = ['40001', '40P01'];

const isConflict = (error: unknown) =>
  sqlStatesOf(error).some((state) => CONFLICTS.includes(state));

/**
 * Does a whole transaction again when another one was in its way, after a wait that differs from that
 * of whoever it met.
 *
 * https://www.postgresql.org/docs/18/mvcc-serialization-failure-handling.html
 */
export async function retryConflicts<T>(transaction: () => Promise<T>): Promise<T> {
  for (let wait = FIRST_WAIT, left = RETRIES; ; wait *= 2, left -= 1) {
    try {
      return await transaction();
    } catch (error) {
      if (left === 0 || !isConflict(error)) throw error;
      // eslint-disable-next-line no-restricted-properties -- nobody gains by guessing a wait
      await delay(Math.random() * wait);
    }
  }
}
