import { CheckedSecret } from './checked-secret.js';

const PREFIX = 'tw_pat_';
const secrets = new CheckedSecret(PREFIX);

/** Returns a new personal token. */
export const createPersonalToken = (): string => secrets.create();

/** Returns whether a bearer token claims to be a personal one: no JWT begins so. */
export const isPersonalToken = (token: string): boolean => token.startsWith(PREFIX);

/** Returns whether a personal token has the form and the checksum of one that was ever made. */
export const isWellFormed = (token: string): boolean => secrets.isWellFormed(token);
