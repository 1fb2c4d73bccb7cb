import { adjacencyGraphs, dictionary } from '@zxcvbn-ts/language-common';
import { ZxcvbnFactory } from '@zxcvbn-ts/core';

const MIN_PASSWORD_CHARACTERS = 8;
/** Longer passwords are strong, and take long to estimate. */
const MAX_ESTIMATED_CHARACTERS = 64;

const zxcvbn = new ZxcvbnFactory({ graphs: adjacencyGraphs, dictionary });

/** The common passwords that the server refuses: the same list. */
export const commonPasswords: ReadonlySet<string> = new Set(
  dictionary['passwords-common'].filter((word) => word.length >= MIN_PASSWORD_CHARACTERS),
);

/** Estimates how hard a password is to guess, from 0 to 4. */
export const strengthOf = (password: string, personal: readonly string[]): number =>
  zxcvbn.check(password.slice(0, MAX_ESTIMATED_CHARACTERS), [...personal]).score;
