import { setTimeout as delay } from 'node:timers/promises';
import { sqlStatesOf } from './outage.js';

const MAX_RETRIES = 3;
/** Upper bound of the first delay; it doubles with each retry. */
const FIRST_WAIT_MS = 20;

/** serialization_failure, deadlock_detected: the same transaction may succeed later. */
const CONFLICTS = ['40001', '40P01'];

const isConflict = (error: unknown) =>
  sqlStatesOf(error).some((state) => CONFLICTS.includes(state));

/**
 * Retries a whole transaction that conflicts with another one, after a random delay: with equal delays
 * the two would conflict again.
 *
 * https://www.postgresql.org/docs/18/mvcc-serialization-failure-handling.html
 */
export async function retryConflicts<T>(transaction: () => Promise<T>): Promise<T> {
  for (let wait = FIRST_WAIT_MS, left = MAX_RETRIES; ; wait *= 2, left -= 1) {
    try {
      return await transaction();
    } catch (error) {
      if (left === 0 || !isConflict(error)) throw error;
      // eslint-disable-next-line no-restricted-properties -- the delay is not a secret
      await delay(Math.random() * wait);
    }
  }
}
