import type { Pool } from 'pg';
import type { RateLimits } from '../rate-limit/index.js';
import type { AccountErasure } from './account-erasure.js';
import type { Mailer } from './mailer.js';
import type { PasswordGuesses } from './password-guesses.js';
import type { PasswordHashing } from './password-hashing.js';

/** Dependencies of the issuer. */
export interface IssuerDependencies {
  /** Connections as `taskward_identity`, in the schema `auth`. */
  readonly pool: Pool;
  /** Counts sign-ins, mails and the like; without it they are not limited. */
  readonly limits?: Pick<RateLimits, 'consume' | 'count'> | undefined;
  /** Sends links to users; without it, passwords cannot be reset. */
  readonly mailer?: Mailer | undefined;
  readonly hashing: Pick<PasswordHashing, 'hash' | 'verify'>;
  /** Erases what a deleted account leaves behind. */
  readonly erasure: Pick<AccountErasure, 'kick'>;
  /** Counts wrong passwords per account; a password reset clears the count. */
  readonly guesses: Pick<PasswordGuesses, 'clear'>;
}
