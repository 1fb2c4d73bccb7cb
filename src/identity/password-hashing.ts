import { availableParallelism } from 'node:os';
import { hashPassword, verifyPassword } from 'better-auth/crypto';
import pLimit from 'p-limit';

/** Threads that Node has for such work, unless told otherwise. */
const THREADS = 4;

/**
 * How many passwords are hashed at once. Tokens are verified by the same threads, and answers are
 * made by the same cores: one of each is left to them, however many sign in. A hash takes 32 MiB, too.
 */
const AT_ONCE = Math.max(1, Math.min(THREADS, availableParallelism()) - 1);

const limit = pLimit(AT_ONCE);

/** Better Auth's own hashing (scrypt), a few at a time. */
export const passwordHashing = {
  hash: (password: string) => limit(hashPassword, password),
  verify: (attempt: Parameters<typeof verifyPassword>[0]) => limit(verifyPassword, attempt),
};
