import { availableParallelism } from 'node:os';
import type { Pool } from 'pg';
import { HashQueue } from './hash-queue.js';
import { hash, isOutdated, verify } from './password-hash.js';

/** Default size of Node's thread pool. */
const THREAD_POOL_SIZE = 4;

/**
 * Maximum number of concurrent hashes. Tokens are verified on the same threads, and requests are
 * handled on the same cores: one of each stays free, however many users sign in.
 */
const MAX_CONCURRENT_HASHES = Math.max(1, Math.min(THREAD_POOL_SIZE, availableParallelism()) - 1);

const queue = new HashQueue(MAX_CONCURRENT_HASHES);

/** Password hashing for Better Auth: a few at a time. Weak hashes are replaced on sign-in. */
export const passwordHashing = (pool: Pool) => ({
  hash: (password: string) => queue.run(() => hash(password)),
  verify: async ({ hash: stored, password }: { hash: string; password: string }) => {
    let renewed: string | undefined;
    // Queues once for both: a correct password must not fail because its new hash has to wait.
    const isRight = await queue.run(async () => {
      if (!(await verify(stored, password))) return false;
      if (isOutdated(stored)) renewed = await hash(password);
      return true;
    });
    if (renewed !== undefined) {
      // Matches the old hash: a password changed in the meantime stays changed.
      await pool.query('update account set password = $1 where password = $2', [renewed, stored]);
    }
    return isRight;
  },
});
