import { createHash } from 'node:crypto';

/** Returns the key of a counter of an e-mail address: a digest, so that no address is stored. */
export const addressKey = (kind: string, email: string): string =>
  `${kind}:${createHash('sha256').update(email.trim().toLowerCase()).digest('base64url')}`;
