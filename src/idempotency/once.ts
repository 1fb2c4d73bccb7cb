import type { OwnerId } from '../database/index.js';
import { idempotentReplays } from '../metrics/index.js';
import { Problem } from '../problems/index.js';
import type { FirstResponse, IdempotencyRepository } from './idempotency.repository.js';

const NAME = 'Idempotency-Key';
const KEY = /^[\x21-\x7e]{1,255}$/;

/** Rule of a key. */
export const KEY_RULE = 'must be 1 to 255 visible ASCII characters';
export const isKey = (value: unknown): value is string =>
  typeof value === 'string' && KEY.test(value);

/** A key, and the digest, in hex, of the request that it is sent with. */
interface KeyedRequest {
  readonly key: string;
  readonly fingerprint: string;
}

interface Outcome {
  readonly response: FirstResponse;
  /** Whether the response is that of an earlier request. */
  readonly isReplay: boolean;
}

function inProgress(): Problem {
  return new Problem('request_in_progress', `A request with this ${NAME} is still in progress.`, {
    headers: { 'retry-after': '1' },
  });
}

function reused(): Problem {
  return new Problem('idempotency_key_reused', `This ${NAME} was used for another request.`);
}

/**
 * Runs `work` once for a key of an owner; returns its response, or the first one again. The work and
 * its response are one transaction: both are kept or neither is, wherever the process dies.
 *
 * @throws Problem `idempotency_key_reused` or `request_in_progress`
 */
export function runOnce(
  keys: IdempotencyRepository,
  ownerId: OwnerId,
  { key, fingerprint }: KeyedRequest,
  work: () => Promise<FirstResponse>,
): Promise<Outcome> {
  return keys.transaction(ownerId, async () => {
    const isFirst = await keys.lock(ownerId, key);
    // Even without the lock: its holder may be done, or be repeating the same response.
    const kept = await keys.find(ownerId, key);
    if (kept !== undefined) {
      if (kept.fingerprint !== fingerprint) throw reused();
      idempotentReplays.inc();
      return { response: kept, isReplay: true };
    }
    if (!isFirst) throw inProgress();
    const response = await work();
    await keys.store(ownerId, key, { ...response, fingerprint });
    return { response, isReplay: false };
  });
}
