import { availableParallelism } from 'node:os';
import { Injectable } from '@nestjs/common';
import { Pool } from 'pg';
import { HashQueue } from './hash-queue.js';
import { CURRENT_PARAMETERS, hash, isOutdated, verify } from './password-hash.js';

/** Default size of Node's thread pool. */
const THREAD_POOL_SIZE = 4;

/**
 * Maximum number of concurrent hashes. Tokens are verified on the same threads, and requests are
 * handled on the same cores: one of each stays free, however many users sign in.
 */
const MAX_CONCURRENT_HASHES = Math.max(1, Math.min(THREAD_POOL_SIZE, availableParallelism()) - 1);

const queue = new HashQueue(MAX_CONCURRENT_HASHES);

/** Password hashing for Better Auth: a few at a time. Weak hashes are replaced on sign-in. */
@Injectable()
export class PasswordHashing {
  /** Parameters of new hashes. No variable changes them; tests lower them. */
  parameters = CURRENT_PARAMETERS;

  constructor(private readonly pool: Pool) {}

  readonly hash = (password: string): Promise<string> =>
    queue.run(() => hash(password, this.parameters));

  readonly verify = async (attempt: { hash: string; password: string }): Promise<boolean> => {
    const { hash: stored, password } = attempt;
    let renewed: string | undefined;
    // Queues once for both: a correct password must not fail because its new hash has to wait.
    const isRight = await queue.run(async () => {
      if (!(await verify(stored, password))) return false;
      if (isOutdated(stored, this.parameters)) renewed = await hash(password, this.parameters);
      return true;
    });
    if (renewed !== undefined) {
      // Matches the old hash: a password changed in the meantime stays changed.
      await this.pool.query('update account set password = $1 where password = $2', [
        renewed,
        stored,
      ]);
    }
    return isRight;
  };
}
