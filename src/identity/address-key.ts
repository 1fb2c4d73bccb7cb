import { createHash } from 'node:crypto';

/** Returns the key of a counter of one address: a digest, so that no address lies in a store. */
export const addressKey = (kind: string, email: string): string =>
  `${kind}:${createHash('sha256').update(email.trim().toLowerCase()).digest('base64url')}`;
