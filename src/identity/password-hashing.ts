import { availableParallelism } from 'node:os';
import type { Pool } from 'pg';
import { HashQueue } from './hash-queue.js';
import { hash, isOutdated, verify } from './password-hash.js';

/** Threads that Node has for such work, unless told otherwise. */
const THREADS = 4;

/**
 * Passwords that are hashed at once. Tokens are verified by the same threads, and responses are made by
 * the same cores: one of each is left to them, however many sign in.
 */
const MAX_RUNNING = Math.max(1, Math.min(THREADS, availableParallelism()) - 1);

const queue = new HashQueue(MAX_RUNNING);

/** Hashing of passwords, for Better Auth: a few at a time, and anew where a hash is weaker than today's. */
export const passwordHashing = (pool: Pool) => ({
  hash: (password: string) => queue.run(() => hash(password)),
  verify: async ({ hash: stored, password }: { hash: string; password: string }) => {
    let renewed: string | undefined;
    // One wait for both: a right password must not fail because its new hash has to wait.
    const isRight = await queue.run(async () => {
      if (!(await verify(stored, password))) return false;
      if (isOutdated(stored)) renewed = await hash(password);
      return true;
    });
    if (renewed !== undefined) {
      // By what was read: a password that was changed meanwhile stays changed.
      await pool.query('update account set password = $1 where password = $2', [renewed, stored]);
    }
    return isRight;
  },
});
