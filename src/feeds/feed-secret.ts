import { hash } from 'node:crypto';
import { CheckedSecret } from '../issuer/index.js';

const secrets = new CheckedSecret('tw_feed_');

/** Returns a new secret of a feed's address. */
export const createFeedSecret = (): string => secrets.create();

/** Returns whether a string has the form and the checksum of a secret that was ever made. */
export const isFeedSecret = (text: string): boolean => secrets.isWellFormed(text);

/** Returns the hash by which a feed is stored, in hex. */
export const hashOf = (secret: string): string => hash('sha256', secret, 'hex');
